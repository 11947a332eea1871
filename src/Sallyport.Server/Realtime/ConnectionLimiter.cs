using Sallyport.Server.Http.RateLimiting;
using Sallyport.Server.Configuration;

namespace Sallyport.Server.Realtime;

internal enum AdmissionOutcome
{
    Admitted,

    /// <summary>New sockets of this address come too fast, or it has too many.</summary>
    TooMany,

    /// <summary>This node has as many as it may hold.</summary>
    Full,

    /// <summary>The node goes down.</summary>
    Stopping,
}

/// <summary>How many sockets there may be: of one address, new in a second, and in all.</summary>
internal sealed class ConnectionLimiter(SallyportOptions options, RateLimiter limiter)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, int> byAddress = new(StringComparer.Ordinal);
    private int total;
    private bool isStopping;

    public AdmissionOutcome Admit(string address)
    {
        // A bucket of their own: who loads a page with a socket needs the Guardian API as well.
        var perSecond = options.GuardianRateLimit;
        if (perSecond > 0 && !limiter.Take("socket " + address, perSecond).IsAllowed)
        {
            return AdmissionOutcome.TooMany;
        }

        lock (gate)
        {
            var ofAddress = byAddress.GetValueOrDefault(address);
            var outcome = isStopping ? AdmissionOutcome.Stopping
                : ofAddress >= options.MaxSocketsOfAddress ? AdmissionOutcome.TooMany
                : total >= options.MaxSockets ? AdmissionOutcome.Full
                : AdmissionOutcome.Admitted;
            if (outcome == AdmissionOutcome.Admitted)
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
