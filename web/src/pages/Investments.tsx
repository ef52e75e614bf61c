// SPDX-License-Identifier: Apache-2.0
// Investments.tsx - the projects a country's companies are in, beside its trade.
import {useTools} from '../context';
import {ask} from '../query';
import {Figure} from '../ui/Figure';

export function InvestmentsOf({code, always = false}: {code: string; always?: boolean}) {
    const {t, info, measures, name, url} = useTools();
    if (!info.register || !measures.has('invest-table')) {
        return always ? <Figure title={t('investments')} query={null} why={t('noRegister')} wide />
            : null;
    }
    return <Figure title={t('investmentsOf', {country: name(code)})} wide start="table"
        query={ask('invest-table', {country: code})} open={url('/investment')} />;
}
