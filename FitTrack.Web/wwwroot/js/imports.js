// A file can be dropped on the form; without this it is chosen.

for (const place of document.querySelectorAll('[data-drop]')) {
  const field = place.querySelector('input[type=file]');
  place.addEventListener('dragover', event => event.preventDefault());
  place.addEventListener('drop', event => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    field.files = event.dataTransfer.files;
    field.form.requestSubmit();
  });
}
