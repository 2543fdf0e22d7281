"""Models: weights on disk, run with onnxruntime on a CPU; one interface that larger models can take the place of."""
