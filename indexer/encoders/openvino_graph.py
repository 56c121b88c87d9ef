"""A tower as a graph of OpenVINO: traced from torch, and the ways to compile it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from indexer.encoders.openvino_files import IMAGE, has_bf16, openvino

_F32_CONVOLUTIONS = 6  # the first two blocks of a network of inverted bottlenecks


def forms(graph: Any, kind: str) -> Iterator[list[tuple[Any, str]]]:
    """Ways to compile a tower, the fastest first: models to run in turn, with their precisions."""
    if kind == IMAGE and has_bf16():
        yield [(graph, "bf16")]
        if split := _split(graph):
            yield list(zip(split, ("f32", "bf16"), strict=True))
    yield [(graph, "f32")]


def _split(graph: Any) -> tuple[Any, Any] | None:
    """A model cut in two behind its first convolutions; None if there is no such place."""
    ov = openvino()

    def place(model: Any) -> Any:
        convolutions = [
            node for node in model.get_ordered_ops() if node.get_type_name().endswith("Convolution")
        ]
        node = convolutions[_F32_CONVOLUTIONS - 1]
        (after,) = node.output(0).get_target_inputs()
        return after.get_node() if after.get_node().get_type_name() == "Add" else node

    try:
        model = graph.clone()
        front = ov.Model([place(model).output(0)], model.get_parameters(), "front")
        model = graph.clone()
        border = place(model).output(0)
        between = ov.opset13.parameter(border.get_partial_shape(), border.get_element_type())
        for consumer in list(border.get_target_inputs()):
            consumer.replace_source_output(between.output(0))
        # OpenVINO refuses if the second part needs anything else of the first.
        return front, ov.Model(model.get_results(), [between], "back")
    except (IndexError, ValueError, RuntimeError):
        return None


def graph_of(module: Any, inputs: Any, *, small: bool, any_length: bool = False) -> Any:
    """A torch module, traced for any number of inputs, as an OpenVINO model.

    Its weights are torch's own memory, so that they must not be changed while it is used.

    Args:
        inputs: an example, (n, ...), n at least 2.
        small: keep the weights in half precision, for a tower that is read before each query. In a
            tower with batch normalisation folded into its weights that would show.
        any_length: the second dimension may change too.

    ``openvino.convert_model`` does the same, but reports its use to OpenVINO's makers.
    """
    import torch

    ov = openvino()
    from openvino._offline_transformations import compress_model_transformation
    from openvino.frontend import FrontEndManager
    from openvino.frontend.pytorch.ts_decoder import TorchScriptPythonDecoder

    before = torch.backends.mha.get_fastpath_enabled()
    torch.backends.mha.set_fastpath_enabled(False)  # fused operations that OpenVINO does not know
    try:
        with torch.no_grad():
            example = torch.from_numpy(inputs[:2])
            # Torch's own check runs the model twice more; what is made of the trace is compared
            # with the model anyhow, on other inputs than this.
            decoder = TorchScriptPythonDecoder(
                module, example_input=(example,), trace_kwargs={"check_trace": False}
            )
    finally:
        torch.backends.mha.set_fastpath_enabled(before)
    frontend = FrontEndManager().load_by_framework("pytorch")
    converted = frontend.convert(frontend.load(decoder))
    converted.reshape(ov.PartialShape([-1, -1] if any_length else [-1, *inputs.shape[1:]]))
    if small:
        compress_model_transformation(converted)
    return converted
