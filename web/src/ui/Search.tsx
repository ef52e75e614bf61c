// SPDX-License-Identifier: Apache-2.0
// Search.tsx - one box for countries, products, pairs and measures, led by the keyboard.
import {useEffect, useId, useRef, useState} from 'preact/hooks';
import {get, type Hit} from '../api';
import {useTools} from '../context';
import {go} from '../route';

export function Search({large = false}: {large?: boolean}) {
    const {t, lang} = useTools();
    const [text, setText] = useState('');
    const [hits, setHits] = useState<Hit[] | null>(null);
    const [at, setAt] = useState(0);
    const [open, setOpen] = useState(false);
    const list = useId(), box = useRef<HTMLDivElement>(null);
    useEffect(() => {
        const q = text.trim();
        if (!q) {
            setHits(null);
            return;
        }
        let here = true;
        const soon = setTimeout(() => {
            get<Hit[]>(`/api/v1/search?q=${encodeURIComponent(q)}&limit=12`).then(h => {
                if (here) {
                    setHits(h);
                    setAt(0);
                }
            }, () => here && setHits([]));
        }, 60);
        return () => {
            here = false;
            clearTimeout(soon);
        };
    }, [text]);
    const address = (h: Hit) => h.url.replace(/^\/(en|es)(?=\/)/, '').replace(/^/, `/${lang}`);
    const choose = (h: Hit | undefined) => {
        if (h) {
            setText('');
            setOpen(false);
            go(address(h));
        }
    };
    const key = (e: KeyboardEvent) => {
        const n = hits?.length ?? 0;
        if (e.key === 'ArrowDown' || e.key === 'ArrowUp') {
            e.preventDefault();
            setOpen(true);
            setAt(a => n ? (a + (e.key === 'ArrowDown' ? 1 : n - 1)) % n : 0);
        } else if (e.key === 'Enter') {
            e.preventDefault();
            choose(hits?.[at]);
        } else if (e.key === 'Escape') {
            setOpen(false);
        }
    };
    const shown = open && hits !== null && text.trim() !== '';
    return <div class={'search' + (large ? ' large' : '')} role="search" ref={box}
        onFocusOut={e => !box.current?.contains(e.relatedTarget as Node) && setOpen(false)}>
        <input type="text" inputMode="search" role="combobox" aria-expanded={shown} aria-controls={list}
            aria-autocomplete="list" aria-label={t('search')} autocomplete="off"
            aria-activedescendant={shown && hits.length ? `${list}-${at}` : undefined}
            placeholder={t(large ? 'searchHint' : 'search')} value={text} spellcheck={false}
            onInput={e => { setText(e.currentTarget.value); setOpen(true); }}
            onFocus={() => setOpen(true)} onKeyDown={key} />
        <ul id={list} role="listbox" aria-label={t('search')} hidden={!shown || hits.length === 0}>
            {shown && hits.map((h, i) => <li key={h.kind + h.id} id={`${list}-${i}`} role="option"
                aria-selected={i === at} onMouseDown={e => { e.preventDefault(); choose(h); }}
                onMouseEnter={() => setAt(i)}>
                <span class={`kind ${h.kind}`} aria-hidden="true" />
                <span class="hit">{lang === 'es' ? h.label_es || h.label : h.label}</span>
                <small>{h.detail}</small>
            </li>)}
        </ul>
        {shown && hits.length === 0 && <p class="none" role="status">
            {t('searchNothing', {q: text.trim()})}</p>}
    </div>;
}
