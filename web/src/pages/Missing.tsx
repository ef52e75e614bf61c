// SPDX-License-Identifier: Apache-2.0
// Missing.tsx - an address that names nothing, with a way on.
import {useTools} from '../context';
import {Search} from '../ui/Search';

export function Missing({why}: {why?: string}) {
    const {t} = useTools();
    return <div class="narrow">
        <h1>{t('noPlace')}</h1>
        <p>{why ?? t('noPlaceWhy')}</p>
        <Search />
    </div>;
}
