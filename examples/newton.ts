// %% [markdown]
// # Newton's method: second derivatives at work
//
// What this teaches: `hessian` and `hvp`, the second derivatives of any function that you can write,
// and what they are good for. Gradient descent knows where down is, but not how far to go. Newton's
// method knows both.
//
// The function is Rosenbrock's, a test of optimizers since 1960: a narrow valley, bent like a banana.
// It is easy to find the valley and hard to follow it to its lowest point, where every coordinate
// is 1.

// %%
import { grad, hessian, hvp, RandomState, tensor, valueAndGrad, type Tensor } from '@gradtape/core'
import { readArguments } from './src/arguments.ts'
import { savePaths } from './src/newton-plot.ts'
import { outputPath, shownPath } from './src/output.ts'
import { solve } from './src/solve.ts'

const { short } = readArguments()

/** Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)², for two coordinates or more. */
function rosenbrock(x: Tensor): Tensor {
  const here = x.narrow(0, 0, x.numel - 1)
  const next = x.narrow(0, 1, x.numel - 1)
  const offValley = next.sub(here.square()).square().mul(100)
  return offValley.add(here.sub(1).square()).sum()
}

/** How far a point is from the lowest one. */
const distance = (x: Tensor): number => x.sub(1).norm().item()

const row = (...cells: (number | string)[]): string =>
  cells.map((cell) => String(cell).padStart(10)).join('')

function printPath(method: string, path: readonly Tensor[], steps: Iterable<number>): void {
  console.log(`\n${method}\n${row('step', 'x', 'y', 'value', 'distance')}`)
  for (const step of steps) {
    const point = path[step]
    const [x, y] = point.toArray() as [number, number]
    const sizes = [rosenbrock(point).item(), distance(point)].map((size) => size.toExponential(1))
    console.log(row(step, x.toFixed(6), y.toFixed(6), ...sizes))
  }
}

// %% [markdown]
// ## Newton's method
//
// Around a point, a smooth function is nearly a parabola: with two coordinates a bowl, or a saddle.
// For a step p away it is about
//
// value + g·p + ½ p·H p,
//
// with the gradient g and the Hessian H, the matrix of second derivatives. The bowl is lowest where
// H p = −g. Newton's method solves that for p, goes there, and looks again. (`solve` eliminates
// as one does on paper, in a dozen lines of tensors.)

// %%
const start: Tensor = tensor([-1.2, 1], { dtype: 'float64' })

const newton = [start]
for (let step = 1; step <= 7; step++) {
  const x = newton[step - 1]
  const g = grad(rosenbrock)(x)
  const H = hessian(rosenbrock)(x)
  newton.push(x.sub(solve(H, g)))
}
printPath("Newton's method", newton, newton.keys())

// %% [markdown]
// The second step leaps out of the valley: that far away, the function is no parabola. The third
// leaps back. Then comes what the method is famous for. Near the goal, each distance is about the
// square of the one before: 6e-2, 1e-5, 2e-11. The number of correct digits doubles with every step.
//
// ## Gradient descent
//
// It starts at the same point. With a larger learning rate it would be thrown from one side of the
// valley to the other and out of it. But along the valley the function bends 2,500 times less than
// across, and there this learning rate makes it creep.

// %%
const learningRate = 0.001
const steps = short ? 5_000 : 20_000
const descent = [start]
for (let step = 1; step <= steps; step++) {
  const x = descent[step - 1]
  descent.push(x.sub(grad(rosenbrock)(x).mul(learningRate)))
}
const shown = [0, 1, 10, 100, 1000, 10_000, 20_000].filter((step) => step < steps)
printPath('Gradient descent', descent, [...shown, steps])

// %%
const picture = await outputPath('newton-paths.svg')
await savePaths(picture, {
  height: (x, y) => 100 * (y - x * x) ** 2 + (1 - x) ** 2,
  newton: newton.map((x) => x.toArray() as [number, number]),
  descent: descent.map((x) => x.toArray() as [number, number]),
})
console.log(`\nThe two paths: ${shownPath(picture)}`)

// %% [markdown]
// ## Without the matrix
//
// With 10,000 coordinates, the Hessian has a hundred million entries. Nobody needs them all: to solve
// H p = −g it is enough to know what H does to a few vectors. `hvp` computes the product of H and a
// vector for the price of a few gradients, and never makes the matrix.

// %%
const v: Tensor = tensor([3, -1], { dtype: 'float64' })
const [product] = hvp(rosenbrock, [start], [v])
const apart = product.sub(hessian(rosenbrock)(start).matmul(v)).abs().max().item()
console.log(`\nH v by hvp differs from H v by the matrix by at most: ${apart.toExponential(1)}`)

// %% [markdown]
// The method of conjugate gradients needs no more. It walks down the parabola in directions of which
// none spoils what the others have gained, at one product with H each. It need not walk to the
// end: far from the goal the parabola is only a rough guide. And where the parabola bends
// downwards it must stop, since there is no lowest point.

// %%
/** A p with H p near −g: what is left is at most `tolerance` times as long as g. */
function conjugateGradients(
  hessianTimes: (vector: Tensor) => Tensor,
  g: Tensor,
  tolerance: number,
): { p: Tensor; products: number } {
  let p = g.mul(0)
  let left = g.neg()
  let direction = left
  let square = left.dot(left).item()
  const enough = tolerance ** 2 * square
  let products = 0
  while (square > enough) {
    const image = hessianTimes(direction)
    products++
    const curvature = direction.dot(image).item()
    if (curvature <= 0) return { p: products === 1 ? direction : p, products }
    const length = square / curvature
    p = p.add(direction.mul(length))
    left = left.sub(image.mul(length))
    const before = square
    square = left.dot(left).item()
    direction = left.add(direction.mul(square / before))
  }
  return { p, products }
}

// %% [markdown]
// One thing is added against leaps out of the valley: a step that goes up is halved until it no longer
// does. Near the goal whole steps go down, and solving ever more exactly keeps the speed of Newton's
// method.

// %%
const n = short ? 1_000 : 10_000
console.log(`\nNewton's method by hvp, ${n.toLocaleString('en')} coordinates`)
console.log(row('step', 'value', 'slope', 'products', 'distance'))

let point: Tensor = new RandomState(0).uniform(0, 2, [n])
let products = 0
for (let step = 0; step <= 200; step++) {
  const x = point
  const [value, g] = valueAndGrad(rosenbrock)(x)
  const slope = g.norm().item()
  if (step % 10 === 0 || slope < 1e-2) {
    const [height, steepness, far] = [value.item(), slope, distance(x)].map((size) =>
      size.toExponential(1),
    )
    console.log(row(step, height, steepness, products, far))
  }
  if (slope < 1e-9) break
  const tolerance = Math.min(0.5, Math.sqrt(slope))
  const found = conjugateGradients((u) => hvp(rosenbrock, [x], [u])[0], g, tolerance)
  products += found.products
  let { p } = found
  while (rosenbrock(x.add(p)).item() > value.item()) p = p.div(2)
  point = x.add(p)
}
