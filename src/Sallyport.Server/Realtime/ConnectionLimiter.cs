using Sallyport.Server.Configuration;
using Sallyport.Server.Http.RateLimiting;

namespace Sallyport.Server.Realtime;

internal enum ConnectionOutcome
{
    Accepted,

    /// <summary>The address opens sockets too fast or has too many.</summary>
    TooMany,

    /// <summary>The node has its maximum number of sockets.</summary>
    Full,

    /// <summary>The node is stopping.</summary>
    Stopping,
}

/// <summary>Limits the sockets: per address, new ones per address and second, and per node.</summary>
internal sealed class ConnectionLimiter(SallyportOptions options, RateLimiter limiter)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> byAddress = new(StringComparer.Ordinal);
    private int total;
    private bool isStopping;

    public ConnectionOutcome TryAdd(string address)
    {
        // A separate bucket, because a page that opens a socket also calls the Guardian API.
        var perSecond = options.GuardianRateLimit;
        if (perSecond > 0 && !limiter.Take("socket " + address, perSecond).IsAllowed)
        {
            return ConnectionOutcome.TooMany;
        }

        lock (gate)
        {
            var ofAddress = byAddress.GetValueOrDefault(address);
            var outcome = isStopping ? ConnectionOutcome.Stopping
                : ofAddress >= options.MaxSocketsOfAddress ? ConnectionOutcome.TooMany
                : total >= options.MaxSockets ? ConnectionOutcome.Full
                : ConnectionOutcome.Accepted;
            if (outcome == ConnectionOutcome.Accepted)
            {
                byAddress[address] = ofAddress + 1;
                total++;
            }

            return outcome;
        }
    }

    public void Release(string address)
    {
        lock (gate)
        {
            total--;
            if (--byAddress[address] == 0)
            {
                byAddress.Remove(address);
            }
        }
    }

    public void Stop()
    {
        lock (gate)
        {
            isStopping = true;
        }
    }
}
