using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using Sallyport.Server.Audit;
using Sallyport.Server.Messages;
using Sallyport.Server.Storage;

namespace Sallyport.Server.Factors.Sms.Guard;

/// <summary>Halts destinations, and resumes them.</summary>
internal sealed class PhoneHalts
{
    private readonly Database database;
    private readonly AuditLog audit;
    private readonly TimeProvider clock;
    private readonly ILogger<PhoneHalts> logger;
    private readonly Counter<long> halts;

    public PhoneHalts(Database database, AuditLog audit, IMeterFactory meters, TimeProvider clock, ILogger<PhoneHalts> logger)
    {
        (this.database, this.audit, this.clock, this.logger) = (database, audit, clock, logger);
        halts = meters.Create(MessageMetrics.MeterName).CreateCounter<long>(
            "sallyport.phone.halts", description: "Destinations to which no more text messages and calls are sent");
    }

    /// <returns>False if the destination is halted already.</returns>
    public async Task<bool> TryHaltAsync(CallContext call, DestinationUsage usage, CancellationToken cancellationToken)
    {
        var details = new JsonObject { ["destination"] = usage.Destination, ["sent"] = usage.Sent, ["entered"] = usage.Entered };
        var entry = new AuditEntry(AuditTypes.PhoneDestinationHalted, call.Source) { Details = details.ToJsonString() };
        if (!await TryChangeAsync(call, PhoneUsageStore.Halt(call.Tenant, usage, clock.GetUtcNow()), entry, cancellationToken))
        {
            return false;
        }

        halts.Add(1, new KeyValuePair<string, object?>("country", usage.Destination[..2]));
        PhoneGuardLog.Halted(logger, usage.Destination, usage.Entered, usage.Sent);
        return true;
    }

    /// <summary>Resumes a destination; codes that were sent before do not count any more. Does nothing if the destination is not halted.</summary>
    public async Task ResumeAsync(CallContext call, string destination, CancellationToken cancellationToken) =>
        await TryChangeAsync(
            call, PhoneUsageStore.Resume(call.Tenant, destination, clock.GetUtcNow()), ApiOperation.Succeeded(call, userId: null), cancellationToken);

    private async ValueTask<bool> TryChangeAsync(CallContext call, Statement change, AuditEntry entry, CancellationToken cancellationToken) =>
        await database.WriteAsync(
            async unit =>
            {
                if (await unit.ExecuteAsync(change, cancellationToken) == 0)
                {
                    unit.Abandon();
                    return false;
                }

                audit.Add(unit, call.Tenant, entry);
                return true;
            },
            cancellationToken);
}
