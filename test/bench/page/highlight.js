// Lights up one candidate in all plots: while the pointer is on it, or until its button is pressed again.
{
  const root = document.documentElement;
  const buttons = [];
  let pressed = '';
  const show = (key) => {
    if (key) root.dataset.lit = key;
    else delete root.dataset.lit;
  };
  for (const item of document.querySelectorAll('.candidates [data-candidate]')) {
    const name = item.querySelector('strong');
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = name.textContent;
    button.setAttribute('aria-pressed', 'false');
    button.addEventListener('click', () => {
      pressed = pressed === item.dataset.candidate ? '' : item.dataset.candidate;
      for (const other of buttons)
        other.setAttribute('aria-pressed', String(other === button && pressed !== ''));
      show(pressed);
    });
    buttons.push(button);
    name.replaceChildren(button);
  }
  document.addEventListener('pointerover', (event) => {
    if (event.pointerType !== 'mouse') return;
    const on = event.target.closest('[data-candidate]');
    show(on ? on.dataset.candidate : pressed);
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    pressed = '';
    for (const button of buttons) button.setAttribute('aria-pressed', 'false');
    show('');
  });
}
