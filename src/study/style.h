/* SPDX-License-Identifier: Apache-2.0 */
/* style.h (private) - how a study looks on a screen, on a phone and on paper. */
#ifndef QI_STUDY_STYLE_H
#define QI_STUDY_STYLE_H

#define QI_STUDY_STYLE                                                                         \
    ":root{--ink:#1b1f24;--soft:#57606a;--line:#d0d7de;--paper:#fff;--tint:#f6f8fa;"           \
    "--link:#0b5394;--good:#1a7f37;--near:#7d6608;--bad:#b42318}\n"                            \
    "@media (prefers-color-scheme:dark){:root{--ink:#e6e8eb;--soft:#a3adb8;--line:#3a424b;"    \
    "--paper:#14171a;--tint:#1e2226;--link:#7db7f0;--good:#6fcf87;--near:#e0c35a;"             \
    "--bad:#ff8f85}.chart .still,.chart .live{background:#fff;border-radius:4px}}\n"           \
    "*{box-sizing:border-box}\n"                                                               \
    "body{margin:0 auto;max-width:70rem;padding:2rem 1.25rem;color:var(--ink);"                \
    "background:var(--paper);font:1.0625rem/1.6 Charter,'Bitstream Charter','Sitka Text',"     \
    "Cambria,Georgia,serif}\n"                                                                 \
    "h1,h2,h3,nav,table,figcaption,.notes,.by,.subtitle,footer,.badge,dl{font-family:"         \
    "'Liberation Sans',Arial,Helvetica,sans-serif}\n"                                          \
    "h1{font-size:2rem;line-height:1.2;margin:0 0 .4rem}\n"                                    \
    "h2{font-size:1.35rem;margin:2.4rem 0 .6rem;line-height:1.25}\n"                           \
    "h3{font-size:1.02rem;margin:1.8rem 0 .4rem}\n"                                            \
    "p{margin:.7rem 0}a{color:var(--link)}code{font-size:.88em}\n"                             \
    ".subtitle{font-size:1.15rem;color:var(--soft);margin:0}\n"                                \
    ".by{color:var(--soft);margin:.6rem 0 1rem}\n"                                             \
    ".abstract{border-left:3px solid var(--line);padding-left:1rem;max-width:46rem}\n"         \
    "nav{font-size:.9rem;line-height:1.45}nav h2{font-size:1rem;margin:0 0 .4rem}\n"           \
    "nav ol{margin:0;padding-left:1.3rem}nav ul{margin:.1rem 0 .4rem;padding:0;"               \
    "list-style:none;display:flex;flex-wrap:wrap;gap:0 .8rem}nav li{margin:.25rem 0}\n"        \
    "main{min-width:0;max-width:48rem}\n"                                                      \
    "@media (min-width:64rem){body{display:grid;grid-template-columns:15rem minmax(0,48rem);"  \
    "column-gap:3rem}header,footer{grid-column:1/-1}nav{position:sticky;top:1.5rem;"           \
    "align-self:start;max-height:calc(100vh - 3rem);overflow:auto;margin-top:2.4rem}"          \
    "nav ul{display:block}}\n"                                                                 \
    "figure{margin:1.8rem 0}figcaption{font-weight:600;line-height:1.35;margin:0 0 .5rem}\n"   \
    ".chart figcaption{font-weight:400;color:var(--soft);font-size:.9rem;margin-top:.4rem}\n"  \
    ".unit{font-weight:400;color:var(--soft)}\n"                                               \
    ".scroll{overflow-x:auto}\n"                                                               \
    "table{border-collapse:collapse;font-size:.86rem;line-height:1.35;"                        \
    "font-variant-numeric:tabular-nums lining-nums;border-top:2px solid var(--ink);"           \
    "border-bottom:2px solid var(--ink);min-width:60%}\n"                                      \
    "th,td{padding:.3rem .6rem;vertical-align:top;text-align:right}\n"                         \
    "thead th{border-bottom:1px solid var(--ink);vertical-align:bottom}\n"                     \
    "thead th.group{text-align:center;border-bottom:1px solid var(--line)}\n"                  \
    "th.l,td.l,tbody th{text-align:left}tbody th{font-weight:400}\n"                           \
    "tbody tr:nth-child(even){background:var(--tint)}\n"                                       \
    ".compare td:last-child{min-width:12rem;color:var(--soft)}\n"                              \
    ".notes{font-size:.82rem;line-height:1.45;color:var(--soft);max-width:46rem}\n"            \
    ".notes p{margin:.35rem 0}.notes .verdict{color:var(--ink);font-size:.95rem}\n"            \
    ".notes pre{background:var(--tint);padding:.6rem .8rem;overflow-x:auto;"                   \
    "white-space:pre-wrap;overflow-wrap:anywhere}\n"                                           \
    ".files a{margin-right:.7rem}details summary{cursor:pointer}\n"                            \
    ".badge,.badge a{text-decoration:none;color:var(--soft)}\n"                                \
    ".v0,.v1,.v2,.v3{white-space:nowrap}.v0{color:var(--good)}.v1{color:var(--near)}"          \
    ".v2{color:var(--bad)}.v3{color:var(--soft)}\n"                                            \
    ".v0::before{content:'= '}.v1::before{content:'\xe2\x89\x88 '}"                            \
    ".v2::before{content:'\xe2\x89\xa0 '}.v3::before{content:'\xe2\x80\x93 '}\n"               \
    ".empty{border:1px dashed var(--line);padding:1rem;color:var(--soft)}\n"                   \
    "data.figure{border-bottom:1px dotted var(--soft);cursor:help}\n"                          \
    ".chart .live{display:none}.drawn .live{display:block}.drawn .still{display:none}\n"       \
    ".chart svg{max-width:100%;height:auto}\n"                                                 \
    "dt{font-weight:600;margin-top:1rem}dd{margin:.2rem 0 0 1rem;font-size:.88rem}\n"          \
    "dd code{overflow-wrap:anywhere}.hashes{margin:.3rem 0;padding-left:1rem}\n"               \
    "footer{border-top:1px solid var(--line);margin-top:3rem;font-size:.8rem;"                 \
    "color:var(--soft)}footer code{overflow-wrap:anywhere}\n"                                  \
    "@media print{body{display:block;max-width:none;padding:0;font-size:10.5pt;"               \
    "background:#fff;color:#000}nav,details,.badge{display:none}main{max-width:none}"          \
    "figure,tr{break-inside:avoid}h2,h3{break-after:avoid}"                                    \
    ".chart .live,.drawn .live{display:none!important}"                                        \
    ".chart .still,.drawn .still{display:block!important}a{color:inherit;"                     \
    "text-decoration:none}.scroll{overflow:visible}table{font-size:8pt}"                       \
    "@page{margin:18mm}}\n"

#endif
