import { testPart } from './parts.ts'

testPart('elementwise-first-order')
