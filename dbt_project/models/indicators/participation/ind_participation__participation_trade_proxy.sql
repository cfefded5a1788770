{{ structure_indicator('participation_trade_proxy', 'participation_trade_proxy', 'ratio') }}
