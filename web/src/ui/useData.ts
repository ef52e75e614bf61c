// SPDX-License-Identifier: Apache-2.0
// useData.ts - an answer of the server, while it is on the way, and when it is refused.  The
// last answer stays on the page until the next one is there, so that playing the years does
// not flicker.
import {useEffect, useState} from 'preact/hooks';
import {get} from '../api';

export interface Data<T> {value: T | null; error: Error | null; waiting: boolean}

export function useData<T>(url: string | null): Data<T> {
    const [state, set] = useState<Data<T> & {url: string | null}>(
        {value: null, error: null, waiting: url !== null, url: null});
    useEffect(() => {
        let here = true;
        if (url === null) {
            set({value: null, error: null, waiting: false, url});
            return;
        }
        set(s => ({...s, waiting: true}));
        get<T>(url).then(
            value => here && set({value, error: null, waiting: false, url}),
            (error: Error) => here && set({value: null, error, waiting: false, url}));
        return () => { here = false; };
    }, [url]);
    return state.url === url || state.value !== null ? state
        : {value: null, error: null, waiting: url !== null};
}
