// A button that Facebook's own plugin draws, after the visitor's consent. Until it stands, and where it never comes,
// ours stays in its place.
import {ask} from './asking.js';
import {element} from './look.js';
import {markup, withSdk} from './plugin.js';

const LOOK = 6000;

export function drawing({win, config, languages, report}) {
  const drawn = new Map();
  return {
    draw(button, {item, control}, body) {
      if (drawn.has(button.id)) return;
      const state = {node: null, control, item};
      drawn.set(button.id, state);
      withSdk(win, config.plugin, languages, {
        then: (sdk) => stand(sdk, state, button, body),
        never: () => report('facebook_sdk_absent'),
        known: (locale) => report('facebook_sdk', locale),
      });
    },
    // The consent was taken back, or the page has moved on.
    undo(id) {
      const state = drawn.get(id);
      if (state && state.node) restore(state);
      drawn.delete(id);
    },
  };

  async function stand(sdk, state, button, body) {
    try {
      const ref = body ? new URL((await ask(config.home, body)).link).searchParams.get('ref') : '';
      const host = state.item.getRootNode().host;
      if (drawn.get(button.id) !== state || !host) return;
      const name = `plugin-${button.id}`;
      state.node = element('div', {slot: name}, markup(button, config.page, config.plugin.app, ref));
      state.slot = element('slot', {name});
      state.item.prepend(state.slot);
      host.append(state.node);
      sdk.XFBML.parse(state.node);
      look(state, Date.now() + LOOK);
    } catch {
      restore(state);
    }
  }

  // Facebook says nothing of what it could not draw.
  function look(state, until) {
    if (!state.node) return;
    const frame = state.node.querySelector('iframe');
    if (frame && frame.offsetHeight > 8) state.control.remove();
    else if (Date.now() < until) setTimeout(() => look(state, until), 250);
    else restore(state, report('facebook_plugin_absent'));
  }
}

function restore(state) {
  if (state.node) state.node.remove();
  if (state.slot) state.slot.remove();
  state.node = state.slot = null;
  if (!state.control.isConnected) state.item.prepend(state.control);
}
