/**
 * The page's only script: writes each `<time>` in the visitor's own time zone and says which. Without JavaScript, or with
 * a browser that lacks a part of it, the UTC text stays. It holds nothing of the visit, so its hash is always the same.
 */
export const TIME_SCRIPT = `for(const t of document.querySelectorAll("time[datetime]"))try{t.textContent=new Intl.DateTimeFormat(document.documentElement.lang,{weekday:"long",day:"numeric",month:"long",year:"numeric",hour:"numeric",minute:"2-digit",timeZoneName:"short"}).format(new Date(t.dateTime))}catch{}`;
