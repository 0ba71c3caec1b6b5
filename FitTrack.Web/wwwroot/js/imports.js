// A file can be dropped on the form; without this it is chosen. What the server would refuse is not sent at all.

for (const place of document.querySelectorAll('[data-drop]')) {
  const field = place.querySelector('input[type=file]');
  const isDragged = is => place.classList.toggle('over', is);
  field.addEventListener('change', () => {
    const { drop, larger, more } = place.dataset;
    field.setCustomValidity(field.files.length > 1 ? more : field.files[0]?.size > drop ? larger : '');
    field.reportValidity();
  });
  field.form.addEventListener('submit', () => { place.querySelector('progress').hidden = false; });
  place.addEventListener('dragover', event => {
    event.preventDefault();
    isDragged(true);
  });
  place.addEventListener('dragleave', event => isDragged(place.contains(event.relatedTarget)));
  place.addEventListener('drop', event => {
    isDragged(false);
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    field.files = event.dataTransfer.files;
    field.dispatchEvent(new Event('change'));
    if (field.validity.valid) field.form.requestSubmit();
  });
}
