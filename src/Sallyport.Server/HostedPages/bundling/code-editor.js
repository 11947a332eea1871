// The code editor of the dashboard: CodeMirror with the colours of the dashboard, for Liquid and HTML. It takes the place of a text area, and
// writes every change back to it.
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { html } from '@codemirror/lang-html';
import { liquid } from '@codemirror/lang-liquid';
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { tags } from '@lezer/highlight';

const colours = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket, tags.keyword, tags.controlKeyword], color: 'var(--primary)' },
  { tag: [tags.attributeName, tags.propertyName], color: 'var(--waiting)' },
  { tag: [tags.string, tags.attributeValue], color: 'var(--ok)' },
  { tag: [tags.comment, tags.documentMeta, tags.processingInstruction], color: 'var(--muted)' },
  { tag: [tags.brace, tags.variableName], color: 'var(--danger)' },
  { tag: tags.invalid, color: 'var(--danger)' },
]);

const look = EditorView.theme({
  '&': { color: 'var(--ink)', backgroundColor: 'var(--surface)', border: '1px solid var(--edge)', borderRadius: '8px', fontSize: '0.875rem', height: '70vh' },
  '&.cm-focused': { outline: '3px solid var(--primary)', outlineOffset: '2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.5' },
  '.cm-content': { caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { color: 'var(--muted)', backgroundColor: 'var(--page)', border: 'none' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--ink) 5%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': { background: 'color-mix(in srgb, var(--primary) 25%, transparent)' },
  '.cm-panels': { color: 'var(--ink)', backgroundColor: 'var(--page)' },
  '.cm-tooltip': { color: 'var(--ink)', backgroundColor: 'var(--surface)', border: '1px solid var(--edge)' },
});

/** @returns the editor, which shows errors of the template at their line. */
export function createEditor(area, changed) {
  const label = area.labels[0];
  const view = new EditorView({
    state: EditorState.create({
      doc: area.value,
      extensions: [
        EditorView.cspNonce.of(area.dataset.styleNonce),
        EditorState.readOnly.of(area.readOnly),
        // Tab moves on to the next control, as everywhere; it does not indent.
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap]),
        lineNumbers(), highlightActiveLine(), highlightActiveLineGutter(), lintGutter(), history(), drawSelection(), indentOnInput(), bracketMatching(),
        search({ top: true }), highlightSelectionMatches(), liquid({ base: html() }), syntaxHighlighting(colours), look,
        EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': label.textContent.trim(), 'aria-describedby': area.getAttribute('aria-describedby') }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) {
            area.value = update.state.doc.toString();
            changed();
          }
        }),
      ],
    }),
  });
  area.before(view.dom);
  area.hidden = true;
  label.addEventListener('click', () => view.focus());
  return { showError: (error) => view.dispatch(setDiagnostics(view.state, error ? [diagnostic(view.state.doc, error)] : [])) };
}

function diagnostic(text, { line, column, message }) {
  const { from, to } = text.line(Math.min(line, text.lines));
  const start = Math.min(from + column - 1, to);
  return { from: start, to: Math.max(start, Math.min(start + 1, to)), severity: 'error', message };
}
