import { readTemplate } from './read-template.ts';
import type { Template } from './template.ts';

/** The page's own template: a start for one's own. */
export const DEFAULT_TEMPLATE_TEXT = `<!doctype html>
<html lang="{{language}}" dir="{{direction}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>{{heading}}{{#site}} &ndash; {{site}}{{/site}}</title>
<link rel="icon" href="data:,">
<style>
:root{color-scheme:light dark;--paper:#eef1f6;--glow:#dfe7f7;--card:#fff;--ink:#18202f;--soft:#56607a;--line:#e1e6ef;--field:#7d889e;--accent:#2f5bd0;--on-accent:#fff;--tint:#f3f6fd;--edge:0 1px 2px rgba(24,32,47,.06),0 18px 48px -18px rgba(24,32,47,.22)}
@media (prefers-color-scheme:dark){:root{--paper:#0e131c;--glow:#17223a;--card:#171e2b;--ink:#edf1f8;--soft:#a3aec3;--line:#2a3446;--field:#77839b;--accent:#8fb0ff;--on-accent:#0e1626;--tint:#1d2636;--edge:0 1px 0 rgba(255,255,255,.04) inset,0 24px 60px -20px rgba(0,0,0,.6)}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;min-height:100vh;min-height:100dvh;display:flex;flex-direction:column;align-items:center;justify-content:center;padding:clamp(1rem,4vw,3rem) 1rem;background:radial-gradient(60rem 30rem at 50% -8rem,var(--glow),transparent) var(--paper);color:var(--ink);font:1rem/1.6 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
main{width:100%;max-width:42rem;background:var(--card);border:1px solid var(--line);border-radius:1.25rem;box-shadow:var(--edge);overflow:hidden}
header,section,footer{padding:0 clamp(1.25rem,5vw,2.75rem)}
header{padding-top:clamp(1.5rem,5vw,2.5rem)}
.site{display:flex;align-items:center;gap:.75rem;margin:0 0 1.5rem;color:var(--soft);font-weight:600;overflow-wrap:anywhere}
.site img{display:block;max-height:2.5rem;max-width:10rem}
.site svg{flex:none;width:2.1rem;height:2.45rem;color:var(--accent)}
h1{margin:0 0 .6rem;font-size:clamp(1.5rem,1.15rem + 1.7vw,2.1rem);line-height:1.2;letter-spacing:-.02em;text-wrap:balance}
h2{margin:0 0 .25rem;font-size:1.1rem;letter-spacing:-.005em}
p{margin:0 0 1rem;overflow-wrap:anywhere}
.lead{color:var(--soft);font-size:1.06rem;text-wrap:pretty}
dl{margin:1.5rem 0 0;display:grid;grid-template-columns:minmax(0,1.8fr) minmax(0,1fr);border:1px solid var(--line);border-radius:.9rem;overflow:hidden}
dl div{padding:1rem 1.25rem;border-top:1px solid var(--line);min-width:0}
dl .wide{grid-column:1/-1}
dl .wide:first-child{border-top:0;background:var(--tint)}
dl .half+.half{border-inline-start:1px solid var(--line)}
dt{color:var(--soft);font-size:.82rem;font-weight:600}
dd{margin:.1rem 0 0;overflow-wrap:anywhere}
.why{font-size:1.14rem;font-weight:600;line-height:1.45}
.when{font-weight:600}
.note{display:block;color:var(--soft);font-size:.92rem;font-weight:400}
.when::first-letter,.note::first-letter{text-transform:uppercase}
.code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.92rem;line-height:1.75;user-select:all;-webkit-user-select:all}
.help{margin-top:1.75rem}
.help p{color:var(--soft)}
.ways{display:flex;flex-wrap:wrap;gap:.75rem;margin:0}
.ways a{flex:1 1 14rem;min-width:0;display:flex;align-items:center;gap:.75rem;min-height:3.5rem;padding:.6rem 1rem;border:1px solid var(--accent);border-radius:.8rem;color:var(--accent);text-decoration:none;line-height:1.3;overflow-wrap:anywhere}
.ways a:first-child{background:var(--accent);color:var(--on-accent)}
.ways a:hover{text-decoration:underline}
.ways svg{flex:none;width:1.35rem;height:1.35rem}
.ways small{display:block;font-size:.82rem;opacity:.85}
.ways b{font-weight:600}
details{margin-top:.75rem;border:1px solid var(--accent);border-radius:.8rem}
summary{display:flex;align-items:center;gap:.75rem;min-height:3.5rem;padding:.6rem 1rem;cursor:pointer;font-weight:600;color:var(--accent);border-radius:.8rem;list-style:none}
summary::-webkit-details-marker{display:none}
summary svg{flex:none;width:1.35rem;height:1.35rem}
summary .turn{width:1.1rem;height:1.1rem;margin-inline-start:auto;transition:transform .15s}
details[open] .turn{transform:rotate(180deg)}
@media (prefers-reduced-motion:reduce){summary .turn{transition:none}}
summary:hover{text-decoration:underline}
form{padding:.25rem 1rem 1.1rem}
form p{font-size:.95rem}
label{display:block;margin:0 0 1rem;font-size:.9rem;font-weight:600}
textarea,input{display:block;width:100%;margin-top:.3rem;padding:.65rem .8rem;border:1px solid var(--field);border-radius:.6rem;background:var(--card);color:inherit;font:inherit;font-size:1rem;font-weight:400}
textarea{min-height:7.5rem;resize:vertical}
button{min-height:3rem;padding:.6rem 1.5rem;border:0;border-radius:.8rem;background:var(--accent);color:var(--on-accent);font:inherit;font-weight:600;cursor:pointer}
.said{margin:0;padding:1rem clamp(1.25rem,5vw,2.75rem);background:var(--accent);color:var(--on-accent);font-weight:600}
a:focus-visible,summary:focus-visible,button:focus-visible,textarea:focus-visible,input:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
footer{margin-top:1.5rem;padding-top:1rem;padding-bottom:1.25rem;border-top:1px solid var(--line);background:var(--tint);color:var(--soft);font-size:.9rem}
footer p{margin:0;text-wrap:pretty}
@media (max-width:34rem){dl{grid-template-columns:minmax(0,1fr)}dl .half+.half{border-inline-start:0}}
@media print{body{background:none}main{box-shadow:none}details{display:none}}
</style>
</head>
<body>
<main>
{{#appeal_note}}<p class="said" role="status">{{appeal_note}}</p>{{/appeal_note}}
<header>
<div class="site">{{#logo}}<img src="{{logo}}" alt="">{{/logo}}{{^logo}}<svg viewBox="4.8 2.3 30.4 35.4" fill="none" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="M20 3.5 34 8.6v10.2c0 8.6-5.7 14.8-14 17.7C11.7 33.6 6 27.4 6 18.8V8.6z" fill="currentColor" fill-opacity=".12"/><path d="M16 15v10M24 15v10"/></svg>{{/logo}}{{#site}}<span>{{site}}</span>{{/site}}</div>
<h1>{{heading}}</h1>
<p class="lead">{{lead}}</p>
</header>
<section>
<dl>
{{#reason}}<div class="wide"><dt>{{word_reason}}</dt><dd class="why"><bdi>{{reason}}</bdi></dd></div>{{/reason}}
<div class="wide"><dt>{{word_until}}</dt><dd class="when">{{#until}}<time datetime="{{until_iso}}">{{until}}</time>{{#until_within}} <span class="note">{{until_within}}. {{word_after_end}}</span>{{/until_within}}{{/until}}{{^until}}{{word_no_end}}{{/until}}</dd></div>
<div class="half"><dt>{{word_address}}</dt><dd class="code"><bdi>{{address}}</bdi></dd></div>
{{#reference}}<div class="half"><dt>{{word_reference}}</dt><dd class="code"><bdi>{{reference}}</bdi></dd></div>{{/reference}}
</dl>
</section>
<section class="help">
<h2>{{help_heading}}</h2>
<p>{{help}}</p>
<div class="ways">{{#phone_link}}
<a href="{{phone_link}}"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linejoin="round" aria-hidden="true"><path d="M5 3.5h3.6l1.7 4.6-2.3 1.5a12.5 12.5 0 0 0 6.4 6.4l1.5-2.3 4.6 1.7V19a1.9 1.9 0 0 1-2 1.9C10.6 20.4 3.6 13.4 3.1 5.5A1.9 1.9 0 0 1 5 3.5z"/></svg><span><small>{{word_phone}}</small> <b><bdi>{{phone}}</bdi></b></span></a>{{/phone_link}}{{#email_link}}
<a href="{{email_link}}"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linejoin="round" aria-hidden="true"><rect x="3" y="5" width="18" height="14" rx="2.5"/><path d="m3.5 7 8.5 6.5L20.5 7"/></svg><span><small>{{word_email}}</small> <b><bdi>{{email}}</bdi></b></span></a>{{/email_link}}
</div>
{{#appeal_action}}{{^appeal_note}}<details{{^phone_link}}{{^email_link}} open{{/email_link}}{{/phone_link}}>
<summary><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linejoin="round" aria-hidden="true"><path d="M4 20l1-4.2L16.6 4.2a1.8 1.8 0 0 1 2.6 0l.6.6a1.8 1.8 0 0 1 0 2.6L8.2 19z"/></svg>{{appeal_heading}}<svg class="turn" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d="m6 9.5 6 6 6-6"/></svg></summary>
<form method="post" action="{{appeal_action}}">
<p>{{appeal_help}}</p>
<label>{{word_message}}<textarea name="message" rows="5" maxlength="2000" required></textarea></label>
<label>{{word_reach}}<input name="contact" maxlength="200" autocomplete="email"></label>
<button>{{word_send}}</button>
</form>
</details>{{/appeal_note}}{{/appeal_action}}
</section>
<footer><p>{{shared}}</p></footer>
</main>
{{time_script}}
</body>
</html>
`;

let read: Template | undefined;

/** The page's own template, read once. */
export function defaultTemplate(): Template {
  return (read ??= readTemplate(DEFAULT_TEMPLATE_TEXT, 'default template').value);
}
