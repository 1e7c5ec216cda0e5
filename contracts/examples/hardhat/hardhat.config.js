const { subtask } = require("hardhat/config");
const { TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD } = require("hardhat/builtin-tasks/task-names");

// The compiler that npm installed, so that nothing is downloaded. Leave this out to have Hardhat fetch one.
subtask(TASK_COMPILE_SOLIDITY_GET_SOLC_BUILD, async () => {
  const longVersion = require("solc").version();
  return { compilerPath: require.resolve("solc/soljson.js"), isSolcJs: true, version: longVersion.split("+")[0], longVersion };
});

module.exports = {
  solidity: { version: "0.8.30", settings: { optimizer: { enabled: true }, evmVersion: "prague" } },
  networks: { hardhat: { hardfork: "prague" } },
};
