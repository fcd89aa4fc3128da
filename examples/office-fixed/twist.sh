route router 10.8.0.0/24 via 10.5.5.5
