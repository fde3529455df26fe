// The op table: every op stands once, in a file of this folder, and is found here. Functions that are
// no methods stand apart, so that a bundler leaves out those that a program doesn't use.
export * from './functions/convolution.ts'
export * from './functions/einsum.ts'
export * from './functions/pooling.ts'
export * from './functions/standardizing.ts'
export * from './functions/unfolding.ts'
export * from './with-methods.ts'
