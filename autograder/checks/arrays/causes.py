"""The mistakes that a wrong array is explained by, and what a student is told of each."""

from autograder.verdicts import Text, text

_SAID = {
    "bias-forgotten": "the bias was left out; each filter adds its bias to all of its outputs",
    "activation-forgotten": "the activation was left out; it comes after the sums and the bias",
    "relu-added": "ReLU was applied, which this layer lacks; look at the layer's activation",
    "flipped-kernel": "the kernel was flipped, as in a true convolution; deep learning lays it on "
    "as it stands (cross-correlation)",
    "flipped-kernel-and-channels": "the kernel was flipped along its height, its width and its "
    "channels; lay it on as it stands, its first slice on the first channel",
    "transposed-kernel": "the kernel was transposed; kernel[u, v] belongs to row u and column v "
    "of the window",
    "one-channel-only": "a single channel of the input was used; a filter is as deep as the "
    "input, so add up the products of all channels",
    "first-slice-everywhere": "the filter's slice for the first channel was used on every channel; "
    "each channel has a slice of its own, kernel[:, :, c]",
    "channels-swapped": "the input's channels were taken in another order; slice c of a filter "
    "goes with channel c of the image",
    "stride-ignored": "the window moved on by 1; the strides say how far it moves from one output "
    "to the next",
    "padding-ignored": "the padding was left out; put the zeros around the image first",
    "padding-other-side": "the zeros were put on other sides of the image; an odd row or column "
    "of zeros of padding='same' stands at the end, at the bottom or on the right",
    "same-for-valid": "the image was padded, as by 'same'; look at the layer's padding",
    "valid-for-same": "the image was not padded, as by 'valid'; look at the layer's padding",
    "average-for-max": "each window's mean was taken; max pooling keeps its largest value",
    "max-for-average": "each window's largest value was taken; average pooling gives its mean",
    "overflow": "the numbers wrapped around in a type too small for them, as uint8 does above 255; "
    "compute in a wider one, as with image.astype(int)",
    "depth-from-input": "the channels of the input were kept apart; each filter adds up all of "
    "them, so the output is as deep as there are filters",
    "channels-lost": "the channels are missing; they have an axis of their own",
    "channels-first": "the channels stand first; an output is (height, width, channels)",
    "transposed": "rows and columns changed places; the first axis counts rows: array[row, column]",
    "flipped-vertically": "the rows stand upside down; row 0 is the top one",
    "flipped-horizontally": "the columns run from right to left; column 0 is the leftmost",
    "filters-out-of-order": "the filters' outputs stand in another order; channel k of the output "
    "comes from filter k",
    "channels-out-of-order": "the channels stand in another order; look which one comes first",
    "values-out-of-order": "the values stand in another order; look along which axis you go first",
    "sign-changed": "every value has the opposite sign; look what is subtracted from what",
    "not-scaled": "the division by 255 was left out, or made twice; divide the pixels once",
    "off-by-factor": "all values are too large or too small by one and the same factor; look what "
    "is multiplied or divided, and how often",
    "off-by-constant": "all values are too large or too small by one and the same amount; look "
    "what is added or subtracted, and how often",
}

CAUSES: dict[str, Text] = {name: text(f"array.{name}", said) for name, said in _SAID.items()}
"""The recognised mistakes: what seems to have been done, and what to think over."""

Causes = tuple[str, ...]
"""Mistakes that are made together."""
