{{ structure_indicator('market_loss_exposure', 'first_market_loss_share', 'ratio') }}
