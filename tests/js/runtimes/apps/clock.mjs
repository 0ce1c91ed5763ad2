// A clock for functions that are frozen and thawed much later: each request says how many seconds have gone by.
let offset = 0;
const system = Date.now;
Date.now = () => system() + offset * 1000;

export function setClock(request) {
  offset = Number(request.headers.get("x-clock-offset"));
}
