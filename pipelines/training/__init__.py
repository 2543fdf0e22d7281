"""Training: what makes the weights that ship. Its heavy libraries (torch, onnx) are no run-time dependency."""
