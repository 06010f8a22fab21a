/** The options of bitcoind: an unknown one is fatal on the command line, and only worth a warning in bitcoin.conf. */

/** Options of Bitcoin Core 30 (src/init.cpp, src/chainparamsbase.cpp, src/wallet/init.cpp). */
const OPTIONS: ReadonlySet<string> = new Set(
  `acceptnonstdtxn acceptstalefeeestimates addnode addresstype alertnotify allowignoredconf asmap assumevalid
  avoidpartialspends bantime bind blockfilterindex blockmaxweight blockmintxfee blocknotify
  blockreconstructionextratxn blockreservedweight blocksdir blocksonly blocksxor blockversion bytespersigop
  capturemessages chain changetype checkaddrman checkblockindex checkblocks checklevel checkmempool
  cjdnsreachable coinstatsindex conf connect consolidatefeerate daemon daemonwait datacarrier datacarriersize
  datadir dbbatchsize dbcache dbcrashratio debug debugexclude debuglogfile deprecatedrpc disablewallet discardfee
  discover dns dnsseed dustrelayfee externalip fallbackfee fastprune feefilter fixedseeds forcednsseed help
  help-debug i2pacceptincoming i2psam includeconf incrementalrelayfee keypool limitancestorcount limitancestorsize
  limitdescendantcount limitdescendantsize listen listenonion loadblock logips loglevel loglevelalways
  logratelimit logsourcelocations logthreadnames logtimemicros logtimestamps maxapsfee maxconnections maxmempool
  maxorphantx maxreceivebuffer maxsendbuffer maxsigcachesize maxtipage maxtxfee maxuploadtarget mempoolexpiry
  minimumchainwork minrelaytxfee mintxfee mocktime natpmp networkactive onion onlynet par paytxfee
  peerblockfilters peerbloomfilters peertimeout permitbaremultisig persistmempool persistmempoolv1 pid port
  printpriority printtoconsole proxy proxyrandomize prune regtest reindex reindex-chainstate rest rpcallowip
  rpcauth rpcbind rpccookiefile rpccookieperms rpcdoccheck rpcpassword rpcport rpcservertimeout rpcthreads rpcuser
  rpcwhitelist rpcwhitelistdefault rpcworkqueue seednode server settings shrinkdebugfile shutdownnotify signer
  signet signetchallenge signetseednode spendzeroconfchange startupnotify stopafterblockimport stopatheight test
  testactivationheight testnet testnet4 timeout torcontrol torpassword txconfirmtarget txindex txreconciliation
  uacomment unsafesqlitesync v2transport vbparams version wallet walletbroadcast walletcrosschain walletdir
  walletnotify walletrbf walletrejectlongchains whitebind whitelist whitelistforcerelay whitelistrelay
  zmqpubhashblock zmqpubhashblockhwm zmqpubhashtx zmqpubhashtxhwm zmqpubrawblock zmqpubrawblockhwm zmqpubrawtx
  zmqpubrawtxhwm zmqpubsequence zmqpubsequencehwm`.split(/\s+/),
);

/** Options of bitcoin-cli that bitcoind does not have (src/bitcoin-cli.cpp). */
const CLI_OPTIONS: ReadonlySet<string> = new Set(
  `addrinfo color generate getinfo named netinfo rpcclienttimeout rpcconnect rpcwait rpcwaittimeout rpcwallet stdin
  stdinrpcpass stdinwalletpassphrase`.split(/\s+/),
);

/** Options that a file must have in the section of the network they are meant for (`NETWORK_ONLY` in src/init.cpp). */
export const NETWORK_ONLY: readonly string[] = [
  "addnode",
  "bind",
  "connect",
  "port",
  "rpcbind",
  "rpcport",
  "wallet",
];

/** Whether bitcoind knows an option. */
export function isKnownOption(name: string): boolean {
  return OPTIONS.has(name);
}

/** Whether bitcoin-cli knows an option: its own, and some of bitcoind's that say where that is. */
export function isCliOption(name: string): boolean {
  return CLI_OPTIONS.has(name) ||
    /^(chain|conf|datadir|help|help-debug|regtest|rpccookiefile|rpcpassword|rpcport|rpcuser|signet|signetchallenge|testnet4?|version)$/
      .test(name);
}
