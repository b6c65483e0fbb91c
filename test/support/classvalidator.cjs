// The parts of class-validator that the product uses. Its index loads some three hundred files more, in every spec anew;
// the bundle leaves them out too.
const { Allow } = require('class-validator/cjs/decorator/common/Allow');
const { ValidateBy } = require('class-validator/cjs/decorator/common/ValidateBy');
const { ValidateIf } = require('class-validator/cjs/decorator/common/ValidateIf');
const { getMetadataStorage } = require('class-validator/cjs/metadata/MetadataStorage');
const { ValidationTypes } = require('class-validator/cjs/validation/ValidationTypes');
const { Validator } = require('class-validator/cjs/validation/Validator');

const validateSync = (...given) => new Validator().validateSync(...given);

module.exports = { Allow, getMetadataStorage, ValidateBy, ValidateIf, validateSync, ValidationTypes };
