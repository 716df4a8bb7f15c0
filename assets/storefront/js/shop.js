// Comforts of the storefront. Every page works without this file: it only adds to forms and links.

const $ = (selector, root = document) => root.querySelector(selector);
const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Shows what is personal; pages themselves are the same for everybody. */
async function session() {
  if (!document.cookie.includes("greenleaf-known=1")) return;
  const answer = await fetch("/session.json", { headers: { accept: "application/json" } });
  if (!answer.ok) return;
  const { cart_count: n = 0, customer } = await answer.json();
  const badge = $("[data-cart-count]");
  if (badge && n > 0) {
    badge.textContent = n;
    badge.setAttribute("aria-label", n === 1 ? badge.dataset.one : badge.dataset.many.replace("{n}", n));
    badge.setAttribute("role", "status");
    badge.hidden = false;
  }
  const name = $("[data-account-name]");
  if (name && customer) name.textContent = customer;
}

/** A combobox over /search/suggest, after the pattern of the ARIA authoring guide. */
function suggest(form) {
  const input = $("input[type=search]", form);
  const list = document.createElement("ul");
  list.className = "suggest";
  list.id = "suggestions";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", input.labels[0].textContent);
  list.hidden = true;
  form.append(list);
  const attributes = { role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false" };
  for (const [name, value] of Object.entries(attributes)) input.setAttribute(name, value);

  let current = -1;
  let timer;
  let pending;

  const close = () => {
    list.hidden = true;
    current = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const mark = (index) => {
    const options = [...list.children];
    current = (index + options.length) % options.length;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === current)));
    input.setAttribute("aria-activedescendant", options[current].id);
    options[current].scrollIntoView({ block: "nearest" });
  };
  const show = (suggestions) => {
    list.replaceChildren(...suggestions.map((suggestion, i) => {
      const option = document.createElement("li");
      option.id = `suggestion-${i}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.url = suggestion.url;
      if (suggestion.picture) {
        const picture = new Image(40, 40);
        picture.src = suggestion.picture;
        picture.alt = "";
        option.append(picture);
      }
      const text = document.createElement("span");
      text.textContent = suggestion.text;
      option.append(text);
      if (suggestion.detail) {
        const detail = document.createElement("span");
        detail.className = "count";
        detail.textContent = suggestion.detail;
        option.append(detail);
      }
      return option;
    }));
    list.hidden = suggestions.length === 0;
    current = -1;
    input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-expanded", String(!list.hidden));
  };
  input.addEventListener("input", () => {
    clearTimeout(timer);
    pending?.abort();
    const query = input.value.trim();
    if (query.length < 2) return close();
    timer = setTimeout(async () => {
      pending = new AbortController();
      try {
        const url = `${form.dataset.suggest}?q=${encodeURIComponent(query)}`;
        const answer = await fetch(url, { signal: pending.signal });
        if (answer.ok) show((await answer.json()).suggestions ?? []);
      } catch {
        close();
      }
    }, 150);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown") mark(current + 1);
    else if (event.key === "ArrowUp") mark(current < 0 ? -1 : current - 1);
    else if (event.key === "Escape") close();
    else if (event.key === "Enter" && current >= 0) location.assign(list.children[current].dataset.url);
    else return;
    event.preventDefault();
  });
  list.addEventListener("pointerdown", (event) => {
    const option = event.target.closest("li");
    event.preventDefault();
    if (option) location.assign(option.dataset.url);
  });
  input.addEventListener("blur", close);
}

/** Swaps price, stock and picture when a variant is chosen. */
function variants(form) {
  const templates = $$("template[data-sku]", form).map((template) => ({ template, options: Object.fromEntries(new URLSearchParams(template.dataset.options)) }));
  if (templates.length === 0) return;
  const radios = $$("input[type=radio]", form);
  const swap = (selector, from) => {
    const place = $(selector, form);
    if (place && from) place.replaceChildren(...from.cloneNode(true).childNodes);
  };
  const update = (isFirst) => {
    const chosen = Object.fromEntries(radios.filter((r) => r.checked).map((r) => [r.name.slice("option-".length), r.value]));
    for (const radio of radios) {
      const code = radio.name.slice("option-".length);
      if (radio.checked) $(`[data-axis="${CSS.escape(code)}"]`, form).textContent = radio.dataset.name;
      const wanted = { ...chosen, [code]: radio.value };
      const isOffered = templates.some(({ template, options }) => !("out" in template.dataset) && Object.entries(wanted).every(([k, v]) => options[k] === v));
      radio.parentElement.classList.toggle("option-out", !isOffered);
    }
    const found = templates.find(({ options }) => Object.entries(options).every(([k, v]) => chosen[k] === v));
    const isComplete = radios.every((r) => r.name.slice("option-".length) in chosen);
    const add = $("[data-add]", form);
    add.disabled = isComplete && (!found || "out" in found.template.dataset);
    if (!found || isFirst) return;
    const { template } = found;
    swap("[data-variant-price]", $("[data-price]", template.content));
    swap("[data-variant-stock]", $("[data-stock]", template.content));
    const sku = $("[data-variant-sku]");
    if (sku) sku.textContent = template.dataset.sku;
    const quantity = $("input[type=number]", form);
    quantity.max = template.dataset.max;
    if (Number(quantity.value) > Number(quantity.max)) quantity.value = quantity.max;
    if (template.dataset.picture) showPicture(template.dataset.picture);
    const address = new URL(location);
    address.searchParams.set("sku", template.dataset.sku);
    history.replaceState(null, "", address);
  };
  form.addEventListener("change", (event) => event.target.type === "radio" && update(false));
  update(true);
}

function showPicture(number) {
  const strip = $(".gallery-strip");
  const picture = $(`#picture-${number}`);
  if (strip && picture) strip.scrollTo({ left: picture.offsetLeft - strip.offsetLeft, behavior: "smooth" });
}

function gallery(root) {
  const links = $$(".thumbs a", root);
  const mark = (id) => links.forEach((a) => (a.hash === `#${id}` ? a.setAttribute("aria-current", "true") : a.removeAttribute("aria-current")));
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      showPicture(link.hash.split("-").at(-1));
    });
  }
  const seen = new IntersectionObserver((entries) => entries.forEach((e) => e.isIntersecting && mark(e.target.id)), { root: $(".gallery-strip", root), threshold: 0.6 });
  $$(".gallery-item", root).forEach((item) => seen.observe(item));
}

function stepper(root) {
  const input = $("input", root);
  for (const button of $$("button", root)) {
    button.hidden = false;
    button.addEventListener("click", () => {
      const wanted = Number(input.value) + Number(button.dataset.step);
      input.value = Math.min(Math.max(wanted, Number(input.min)), Number(input.max));
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
}

/** In the cart, a changed quantity is sent once the customer has stopped clicking. */
function cart(form) {
  let timer;
  const button = $("[data-cart-update]");
  for (const input of form.elements) {
    if (input.type !== "number") continue;
    input.addEventListener("change", () => {
      clearTimeout(timer);
      timer = setTimeout(() => form.reportValidity() && form.requestSubmit(button), 700);
    });
  }
}

const isWide = matchMedia("(min-width: 60em)");

function autoSubmit(element) {
  element.addEventListener("change", () => {
    const form = element.form ?? element;
    if (element.dataset.autoSubmit !== "wide" || isWide.matches) form.requestSubmit();
  });
}

/** A form is sent once, however often its button is pressed. */
function once(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
    const button = event.submitter;
    if (button) setTimeout(() => button.setAttribute("aria-disabled", "true"));
  });
}

// A page restored by the back button must not keep its buttons disabled.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  $$("form[data-sent]").forEach((form) => delete form.dataset.sent);
  $$("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  session();
});

$$(".search[data-suggest]").forEach(suggest);
$$("[data-stepper]").forEach(stepper);
$$("form[data-variants]").forEach(variants);
$$("[data-gallery]").forEach(gallery);
$$("[data-auto-submit]").forEach(autoSubmit);
$$("form[data-once]").forEach(once);
$$("#cart-form").forEach(cart);
$$("[data-refresh]").forEach((choices) => choices.addEventListener("change", (event) => {
  if (event.target.type === "radio") choices.form.requestSubmit($("[data-checkout-update]"));
}));
$$("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => print());
});
$("[data-error-summary]")?.focus();
$$(".menu > ul > li").forEach((entry) => {
  entry.addEventListener("keydown", (event) => event.key === "Escape" && entry.classList.add("closed"));
  for (const leave of ["pointerleave", "focusout"]) entry.addEventListener(leave, () => entry.classList.remove("closed"));
});
// Empty parameters would make the same list live under several addresses.
$("#filter-form")?.addEventListener("formdata", ({ formData }) => {
  if (formData.get("sort") === "position") formData.delete("sort");
});
session();
