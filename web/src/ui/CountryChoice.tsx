// SPDX-License-Identifier: Apache-2.0
// CountryChoice.tsx - one of the countries of the cube, by name.
import {useTools} from '../context';
import {Choice} from './Choice';

interface Props {label: string; value: string; onChange: (code: string) => void}

export function CountryChoice({label, value, onChange}: Props) {
    const {countries, name} = useTools();
    const items = countries.map(c => ({value: c.iso3, label: name(c.iso3)}))
        .sort((a, b) => a.label.localeCompare(b.label));
    return <Choice label={label} value={value} onChange={onChange}
        items={[{value: '', label: '–'}, ...items]} />;
}
