// <yaml-editor> around a textarea: CodeMirror on top of it, once this script is there. The textarea stays what the form sends.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { yaml } from '@codemirror/lang-yaml';
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from '@codemirror/language';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--ink)' },
  { tag: [tags.keyword, tags.bool, tags.number, tags.null], color: 'var(--progress)' },
  { tag: tags.comment, color: 'var(--quiet)' },
  { tag: [tags.typeName, tags.labelName, tags.meta], color: 'var(--warning)' },
]);

const look = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--raised)', border: '1px solid var(--edge)', borderRadius: 'var(--radius)' },
  '&.cm-focused': { outline: '2px solid var(--accent)', outlineOffset: '1px' },
  '&:has([aria-invalid="true"])': { borderColor: 'var(--failed)' },
  '.cm-scroller': { font: '12.5px/1.6 var(--mono)', maxHeight: '60vh', overflow: 'auto' },
  '.cm-content, .cm-gutter': { minHeight: '14em' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-gutters': { color: 'var(--quiet)', backgroundColor: 'var(--sunken)', borderRight: '1px solid var(--rule)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--accent-tint)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in oklch, var(--accent) 30%, transparent)',
  },
  '.cm-panels': { color: 'var(--ink)', backgroundColor: 'var(--sunken)' },
});

// What the search panel says.
const chinese = {
  Find: '查找',
  Replace: '替换为',
  next: '下一个',
  previous: '上一个',
  all: '全部',
  'match case': '区分大小写',
  'by word': '整词',
  regexp: '正则表达式',
  replace: '替换',
  'replace all': '全部替换',
  close: '关闭',
  'current match': '当前匹配',
  'replaced match on line $': '已替换第 $ 行的匹配',
  'replaced $ matches': '已替换 $ 处匹配',
  'on line': '位于行',
  'Go to line': '转到行',
  go: '转到',
};

const plain = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, 'value');

class YamlEditor extends HTMLElement {
  connectedCallback() {
    const text = this.querySelector('textarea');
    if (!text || this.view) return;
    const label = document.querySelector(`label[for="${text.id}"]`) ?? document.getElementById(`${text.id}-label`);
    const attributes = () => ({
      ...(label && { 'aria-labelledby': label.id }),
      'aria-describedby': text.getAttribute('aria-describedby') ?? '',
      'aria-invalid': text.getAttribute('aria-invalid') ?? 'false',
      'aria-multiline': 'true',
    });
    const described = new Compartment();
    if (label) {
      label.id = `${text.id}-label`;
      label.htmlFor = '';
      label.onclick = () => this.view?.focus();
    }
    this.view = new EditorView({
      parent: this,
      state: EditorState.create({
        doc: text.value,
        extensions: [
          EditorView.cspNonce.of(document.querySelector('script[nonce]')?.nonce ?? ''),
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of('  '),
          bracketMatching(),
          highlightActiveLine(),
          highlightSelectionMatches(),
          search({ top: true }),
          // Tab keeps moving on to the next field: nobody is caught in here.
          keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
          EditorState.phrases.of(document.documentElement.lang.startsWith('zh') ? chinese : {}),
          yaml(),
          syntaxHighlighting(colours),
          look,
          described.of(EditorView.contentAttributes.of(attributes())),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) plain.set.call(text, update.state.doc.toString());
          }),
        ],
      }),
    });
    text.hidden = true;
    // The page may set the text at any time, also after this.
    Object.defineProperty(text, 'value', {
      configurable: true,
      get: () => plain.get.call(text),
      set: (value) => {
        plain.set.call(text, value);
        const { doc } = this.view.state;
        if (doc.toString() !== text.value) this.view.dispatch({ changes: { from: 0, to: doc.length, insert: text.value } });
      },
    });
    this.watch = new MutationObserver(() => {
      this.view?.dispatch({ effects: described.reconfigure(EditorView.contentAttributes.of(attributes())) });
    });
    this.watch.observe(text, { attributes: true, attributeFilter: ['aria-invalid'] });
  }

  disconnectedCallback() {
    this.watch?.disconnect();
    delete this.querySelector('textarea')?.value;
    this.view?.destroy();
    this.view = undefined;
  }
}

if (!customElements.get('yaml-editor')) customElements.define('yaml-editor', YamlEditor);
