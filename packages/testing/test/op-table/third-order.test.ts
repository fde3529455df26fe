import { testPart } from './parts.ts'

testPart('third-order', 25)
