// Keeps the page live, and copies commands. Without it everything can be read all the same.
"use strict";

(() => {
  const live = document.getElementById("live");
  const gone = document.getElementById("gone");
  const path = document.body.dataset.live;
  let stream = null;
  let lost = null;
  let heard = 0;

  // What the reader has opened, typed or focused stays as it is: only what differs is changed.
  const keyOf = (node) => (node.nodeType === Node.ELEMENT_NODE && node.id ? node.id : null);

  function isSame(old, fresh) {
    return old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && keyOf(old) === keyOf(fresh);
  }

  function changeAttributes(old, fresh) {
    for (const { name } of Array.from(old.attributes)) {
      if (!fresh.hasAttribute(name) && !isReaders(old, name)) old.removeAttribute(name);
    }
    for (const { name, value } of Array.from(fresh.attributes)) {
      if (old.getAttribute(name) !== value && !isReaders(old, name)) old.setAttribute(name, value);
    }
  }

  function isReaders(element, name) {
    return (name === "open" && element.nodeName === "DETAILS") || (name === "hidden" && element.classList.contains("copy"));
  }

  function change(old, fresh) {
    if (old.isEqualNode(fresh)) return;
    if (old.nodeType !== Node.ELEMENT_NODE) {
      if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
      return;
    }
    changeAttributes(old, fresh);
    changeChildren(old, fresh);
  }

  function changeChildren(old, fresh) {
    const kept = new Map();
    for (const child of old.children) if (child.id) kept.set(child.id, child);
    let at = old.firstChild;
    for (const wanted of Array.from(fresh.childNodes)) {
      const key = keyOf(wanted);
      const known = key ? kept.get(key) : null;
      if (known && known !== at) old.insertBefore(known, at);
      const here = known || at;
      if (here && isSame(here, wanted)) {
        change(here, wanted);
        at = here.nextSibling;
      } else {
        old.insertBefore(document.importNode(wanted, true), at);
      }
    }
    while (at) {
      const next = at.nextSibling;
      at.remove();
      at = next;
    }
  }

  function show(html) {
    const fresh = new DOMParser().parseFromString(`<div id="live">${html}</div>`, "text/html").getElementById("live");
    change(live, fresh);
    document.title = `${document.getElementById("main").dataset.title} · Gantry`;
    offerCopies();
  }

  function offerCopies() {
    if (!navigator.clipboard) return;
    for (const button of document.querySelectorAll("button.copy[hidden]")) button.hidden = false;
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("button.copy");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy).textContent;
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = "Copied";
    } catch {
      button.textContent = "Not copied";
    }
    setTimeout(() => { button.textContent = "Copy"; }, 1600);
  });

  document.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, textarea, select");
    const search = document.getElementById("q");
    if (event.key === "/" && !typing && search && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      search.focus();
    }
  });

  function hear() {
    heard = Date.now();
    lost = null;
    gone.hidden = true;
  }

  function miss() {
    lost = lost || new Date();
    gone.textContent = `The console has not answered since ${lost.toISOString().slice(11, 19)} UTC. ` +
      `Start it again with: gantry console --port ${location.port}. This page goes on by itself.`;
    gone.hidden = false;
  }

  // A console that hangs keeps its connections, and says nothing: it usually says twice a second that it is there.
  function check() {
    if (stream && stream.readyState === EventSource.OPEN && Date.now() - heard > 6000) miss();
  }

  // A page that nobody sees asks for nothing, and leaves the connection to one that somebody sees.
  function listen() {
    if (document.hidden) {
      if (stream) stream.close();
      stream = null;
      return;
    }
    if (stream) return;
    heard = Date.now();
    stream = new EventSource(`/events?path=${encodeURIComponent(path)}`);
    stream.addEventListener("page", (event) => {
      hear();
      show(event.data);
    });
    stream.addEventListener("here", hear);
    stream.addEventListener("error", () => {
      miss();
      if (stream && stream.readyState === EventSource.CLOSED) {
        stream = null;
        setTimeout(listen, 2000);
      }
    });
  }

  offerCopies();
  if (path && window.EventSource) {
    document.addEventListener("visibilitychange", listen);
    setInterval(check, 1000);
    listen();
  }
})();
