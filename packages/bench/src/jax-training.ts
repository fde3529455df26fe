import type * as Jax from '@jax-js/jax'
import type { JaxJs } from './libraries.ts'
import { training, type Task } from './task.ts'

type Updated = [loss: Jax.Array, state: Jax.Array[][]]

/** Steps of an optimizer in jax-js, compiled whole where the peer compiles. */
export function jaxTraining(
  { jax, maybeJit }: JaxJs,
  parameters: Jax.Array[],
  lossOf: (parameters: Jax.Array[]) => Jax.Array,
  optimizer: 'SGD' | 'Adam',
  lr: number,
): Task {
  const { numpy: np, tree } = jax
  const sgd = (p: Jax.Array, g: Jax.Array): Jax.Array => p.sub(g.mul(lr))
  const update = maybeJit((state: Jax.Array[][]) => {
    const [old, firsts, seconds, decays] = state
    const [loss, grads] = jax.valueAndGrad(lossOf)(tree.ref(old))
    if (optimizer === 'SGD')
      return [loss, [old.map((p, i) => sgd(p, grads[i])), [], [], []]] as Updated
    const m = firsts.map((mean, i) => mean.mul(0.9).add(grads[i].ref.mul(0.1)))
    const v = seconds.map((square, i) => square.mul(0.999).add(np.square(grads[i]).mul(0.001)))
    // The powers of both betas: 1 - power is what the averages hold of the gradients so far.
    const powers = [decays[0].mul(0.9), decays[1].mul(0.999)]
    const mScale = np.subtract(1, powers[0].ref)
    const vScale = np.subtract(1, powers[1].ref)
    const updated = old.map((p, i) => {
      const mean = m[i].ref.div(mScale.ref)
      const root = np.sqrt(v[i].ref.div(vScale.ref)).add(1e-8)
      return p.sub(mean.mul(lr).div(root))
    })
    mScale.dispose()
    vScale.dispose()
    return [loss, [updated, m, v, powers]] as Updated
  })
  const none = optimizer === 'SGD' ? [] : parameters
  let state = [
    parameters,
    none.map((p) => np.zerosLike(p.ref)),
    none.map((p) => np.zerosLike(p.ref)),
    none.length === 0 ? [] : [np.array(1), np.array(1)],
  ]
  return training(() => {
    const [loss, next] = update(state)
    state = next
    return loss.dataSync()[0]
  })
}
