import { testPart } from './parts.ts'

testPart('elementwise-second-order')
