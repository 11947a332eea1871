using Sallyport.Server.Audit;
using Sallyport.Server.BackgroundWork;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Sms.Guard;

/// <summary>Halts destinations at which hardly any code is entered. Runs on every node; only one node halts a destination.</summary>
internal sealed class PhoneWatch(Database database, PhoneHalts halts, PhoneGuard guard, TimeProvider clock, ILogger<PhoneWatch> logger)
    : BackgroundWorker(new WorkerSchedule(TimeSpan.FromSeconds(30)) { RunsAtStart = false }, clock, logger)
{
    private readonly CallContext call = CallContext.Internal(CallChannel.Worker);

    /// <returns>The destinations that this call has halted.</returns>
    public async Task<IReadOnlyList<DestinationUsage>> CheckAsync(CancellationToken cancellationToken)
    {
        var now = Clock.GetUtcNow();
        var collapsed = await database.ReadAsync(
            async session =>
            {
                var limits = await guard.ReadAsync(session, call.Tenant, cancellationToken);
                return (await PhoneUsageStore.ListUsageAsync(session, call.Tenant, now, cancellationToken)).FindAll(limits.HasCollapsed);
            },
            cancellationToken);
        var halted = new List<DestinationUsage>();
        foreach (var usage in collapsed)
        {
            if (await halts.TryHaltAsync(call, usage, cancellationToken))
            {
                halted.Add(usage);
            }
        }

        return halted;
    }

    protected override async Task<bool> RunAsync(CancellationToken cancellationToken)
    {
        await CheckAsync(cancellationToken);
        return false;
    }
}

/// <summary>Event ids 2500 to 2599.</summary>
internal static partial class PhoneGuardLog
{
    [LoggerMessage(
        2500, LogLevel.Error,
        "No more messages are sent to phones of {Destination}: only {Entered} of {Sent} codes were entered. DELETE /api/v2/guardian/factors/phone/halts/{Destination} resumes them")]
    public static partial void Halted(ILogger logger, string destination, long entered, long sent);
}
