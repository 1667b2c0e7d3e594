"""The autoencoder: an encoder built by hand, and a decoder that starts as a plain upsampler.

A latent cell stands for 4 x 4 pixels. Channels 0 to 2 are twice the mean red, green and blue of
the cell (pixels in -1..1), channel 3 is its luminance slope from top left to bottom right. This
formula is written into the weights of an ordinary ``AutoencoderKL``, so latents exist before
anything is trained, and only the decoder has anything to learn.
"""

from __future__ import annotations

import torch
from diffusers import AutoencoderKL
from torch import Tensor, nn

CELL = 4
CHANNELS = (24, 48, 64)
SCALING = 0.9
MEAN_GAIN = 2.0
SLOPE_GAIN = 2.5
LUMINANCE = (0.299, 0.587, 0.114)

PIN = 20.0
"""Size of the four constant channels that hold the encoder's last GroupNorm at a known variance."""

SHIFT = 10.0
"""Where the encoder's last SiLU is run: far enough right that it is a straight line."""

CARRIED = 8
"""Channels that the untrained decoder passes through unchanged: the latent and four constants."""

DECODER_PIN = 2.0


def latents_of(pictures: Tensor) -> Tensor:
    """The formula: unscaled latents (n, 4, h/4, w/4) of pictures (n, 3, h, w) in -1..1."""
    halves = torch.nn.functional.avg_pool2d(pictures, 2)
    means = torch.nn.functional.avg_pool2d(halves, 2) * MEAN_GAIN
    grey = (halves * pictures.new_tensor(LUMINANCE).view(1, 3, 1, 1)).sum(1, keepdim=True)
    slope = (grey[:, :, 1::2, 1::2] - grey[:, :, 0::2, 0::2]) * SLOPE_GAIN
    return torch.cat([means, slope], dim=1)


def build_vae() -> AutoencoderKL:
    """An autoencoder whose encoder is finished and whose decoder is ready to be trained."""
    levels = len(CHANNELS)
    vae = AutoencoderKL(
        block_out_channels=CHANNELS,
        down_block_types=("DownEncoderBlock2D",) * levels,
        up_block_types=("UpDecoderBlock2D",) * levels,
        layers_per_block=1,
        latent_channels=4,
        norm_num_groups=1,
        mid_block_add_attention=False,
        sample_size=64,
        scaling_factor=SCALING,
        force_upcast=False,
    )
    with torch.no_grad():
        _write_encoder(vae)
        _start_decoder(vae)
    return vae


def _write_encoder(vae: AutoencoderKL) -> None:
    """Channels: 0-2 colour, 3 slope, 4-7 constants, 8-10 minus colour, 11 minus slope.

    The negatives keep the mean over all channels at zero, the constants keep the variance at a
    known value, so the last GroupNorm is undone exactly by its own weight.
    """
    encoder = vae.encoder
    for part in encoder.modules():
        if isinstance(part, nn.Conv2d):
            for values in part.parameters():
                values.zero_()
    for colour in range(3):
        encoder.conv_in.weight[colour, colour, 1, 1] = 1.0
        encoder.conv_in.weight[8 + colour, colour, 1, 1] = -1.0
    encoder.conv_in.bias[4:8] = torch.tensor([PIN, -PIN, PIN, -PIN])
    for block in encoder.down_blocks:
        for resnet in block.resnets:
            if resnet.conv_shortcut is not None:
                _pass_through(resnet.conv_shortcut, 12)
    first, second = (encoder.down_blocks[index].downsamplers[0].conv for index in (0, 1))
    for conv in (first, second):
        for channel in range(12):
            conv.weight[channel, channel, :2, :2] = 0.25
    for row, sign in ((3, 1.0), (11, -1.0)):
        second.weight[row].zero_()
        for colour, share in enumerate(LUMINANCE):
            second.weight[row, colour, 1, 1] = sign * share
            second.weight[row, colour, 0, 0] = -sign * share
    nn.init.constant_(encoder.conv_norm_out.weight, (4 * PIN**2 / CHANNELS[-1]) ** 0.5)
    nn.init.constant_(encoder.conv_norm_out.bias, SHIFT)
    for row, gain in enumerate((MEAN_GAIN,) * 3 + (SLOPE_GAIN,)):
        encoder.conv_out.weight[row, row, 1, 1] = gain
        encoder.conv_out.bias[row] = -gain * SHIFT
    encoder.conv_out.bias[4:] = -12.0  # log-variance: as good as none
    for conv in (vae.quant_conv, vae.post_quant_conv):
        _pass_through(conv, conv.out_channels)


def _pass_through(conv: nn.Conv2d, channels: int) -> None:
    """Make the first channels of a convolution copies of its input, at the kernel's middle."""
    middle = conv.kernel_size[0] // 2
    conv.weight[:channels] = 0.0
    if conv.bias is not None:
        conv.bias[:channels] = 0.0
    for channel in range(channels):
        conv.weight[channel, channel, middle, middle] = 1.0


def _start_decoder(vae: AutoencoderKL) -> None:
    """Carry the latent unchanged to the last convolution; everything else starts as usual."""
    decoder = vae.decoder
    _pass_through(decoder.conv_in, 4)
    decoder.conv_in.weight[4:CARRIED] = 0.0
    decoder.conv_in.bias[4:CARRIED] = DECODER_PIN * torch.tensor([1.0, -1.0, 1.0, -1.0])
    resnets = [*decoder.mid_block.resnets]
    for block in decoder.up_blocks:
        resnets += block.resnets
        for upsampler in block.upsamplers or ():
            _pass_through(upsampler.conv, CARRIED)
    for resnet in resnets:
        resnet.conv2.weight[:CARRIED] = 0.0
        resnet.conv2.bias[:CARRIED] = 0.0
        if resnet.conv_shortcut is not None:
            _pass_through(resnet.conv_shortcut, CARRIED)


def fit_last_layer(vae: AutoencoderKL, pictures: Tensor) -> None:
    """Solve the decoder's last convolution for one batch (n, 3, 64, 64) by least squares.

    Two features are all but combinations of the others, so the rank has to come from
    singular values in double precision: what the default driver finds depends on the machine.
    """
    decoder, seen = vae.decoder, []
    hook = decoder.conv_act.register_forward_hook(lambda *call: seen.append(call[2]))
    with torch.no_grad():
        vae.decode(latents_of(pictures))
        hook.remove()
        features = seen[0].permute(0, 2, 3, 1).reshape(-1, CHANNELS[0])
        ones = torch.ones(len(features), 1)
        colours = pictures.permute(0, 2, 3, 1).reshape(-1, 3)
        known = torch.cat([features, ones], 1).double()
        solution = torch.linalg.lstsq(known, colours.double(), driver="gelsd").solution
        decoder.conv_out.weight.zero_()
        decoder.conv_out.weight[:, :, 1, 1] = solution[:-1].T
        decoder.conv_out.bias.copy_(solution[-1])
