"""One measuring command a task; each uses the product's own path, the same functions that the assets call."""
