import { isTensor, mapTree } from '@gradtape/core'
import { isParameter, type Parameter } from './parameter.ts'
