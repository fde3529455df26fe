import * as core from '../../../src/index.ts'
import type { Tensor } from '../../../src/index.ts'
import { tensors, type Calls } from './forms.ts'

const signal: Tensor = core.ones([2, 4, 6])
const image: Tensor = core.ones([2, 4, 6, 6])
const line: Tensor = core.ones([4, 2, 3])
const square: Tensor = core.ones([4, 2, 3, 3])
const bias: Tensor | null = core.ones([4])
const groups = 2
const ceilMode = true

/** Convolutions, pools, and windows as columns. */
export const convolution: Calls = {
  conv1d: tensors(
    () => core.conv1d(signal, core.ones([3, 4, 2])),
    () => core.conv1d(signal, line, null, { groups }),
    () => core.conv1d(signal, line, bias, { stride: 2, padding: 1, dilation: 2, groups }),
    () => core.conv1d(signal, line, undefined, { padding: 'same', groups, dilation: [2] }),
    () => core.conv1d(signal.at(0), line, bias, { padding: 'valid', stride: [2], groups }),
  ),
  conv2d: tensors(
    () => core.conv2d(image, core.ones([3, 4, 2, 2])),
    () => core.conv2d(image, square, null, { groups }),
    () =>
      core.conv2d(image, square, bias, { stride: [2, 1], padding: [1, 0], dilation: 2, groups }),
    () => core.conv2d(image.at(0), square, bias, { padding: 'same', groups }),
  ),
  convTranspose1d: tensors(
    () => core.convTranspose1d(signal, line),
    () => core.convTranspose1d(signal, line, bias, { groups }),
    () => core.convTranspose1d(signal, line, null, { stride: 2, padding: 1, outputPadding: 1 }),
    () => core.convTranspose1d(signal.at(0), line, undefined, { dilation: [2] }),
  ),
  convTranspose2d: tensors(
    () => core.convTranspose2d(image, square),
    () => core.convTranspose2d(image, square, bias, { groups }),
    () =>
      core.convTranspose2d(image, square, null, {
        stride: [2, 1],
        padding: 1,
        outputPadding: [1, 0],
      }),
    () => core.convTranspose2d(image.at(0), square, null, { dilation: 2 }),
  ),
  maxPool1d: tensors(
    () => core.maxPool1d(signal, 2),
    () => core.maxPool1d(signal.at(0), [3], { stride: 1, padding: 1, dilation: 2, ceilMode }),
  ),
  maxPool2d: tensors(
    () => core.maxPool2d(image, 2),
    () =>
      core.maxPool2d(image.at(0), [3, 2], {
        stride: 1,
        padding: [1, 0],
        dilation: [1, 2],
        ceilMode,
      }),
  ),
  avgPool1d: tensors(
    () => core.avgPool1d(signal, 2),
    () =>
      core.avgPool1d(signal.at(0), [3], {
        stride: 2,
        padding: 1,
        ceilMode,
        countIncludePad: false,
      }),
    () => core.avgPool1d(signal, 2, { divisorOverride: 3 }),
  ),
  avgPool2d: tensors(
    () => core.avgPool2d(image, 2),
    () =>
      core.avgPool2d(image.at(0), [3, 2], {
        stride: [2, 1],
        padding: 1,
        ceilMode,
        countIncludePad: false,
      }),
    () => core.avgPool2d(image, 2, { divisorOverride: 3 }),
  ),
  unfold: tensors(
    () => core.unfold(image, 2),
    () => core.unfold(image.at(0), [2, 3], { dilation: [1, 2], padding: 1, stride: 2 }),
  ),
  fold: tensors(
    () => core.fold(core.ones([2, 8, 25]), 6, 2),
    () => core.fold(core.ones([8, 30]), [6, 7], [2, 2]),
    () => core.fold(core.ones([8, 9]), [6, 6], 2, { dilation: 1, padding: 0, stride: [2, 2] }),
  ),
}
