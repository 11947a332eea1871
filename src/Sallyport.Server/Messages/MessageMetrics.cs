using System.Diagnostics.Metrics;

namespace Sallyport.Server.Messages;

internal sealed class MessageMetrics
{
    public const string MeterName = "Sallyport.Messages";

    private readonly Counter<long> delivered;
    private readonly Counter<long> retried;
    private readonly Counter<long> failed;

    public MessageMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        delivered = meter.CreateCounter<long>("sallyport.messages.delivered", description: "Messages that the provider accepted");
        retried = meter.CreateCounter<long>("sallyport.messages.retried", description: "Attempts that failed and will be repeated");
        failed = meter.CreateCounter<long>("sallyport.messages.failed", description: "Messages that were given up");
    }

    public void Add(string channel, DeliveryOutcome outcome, int count)
    {
        var counter = outcome switch
        {
            DeliveryOutcome.Delivered => delivered,
            DeliveryOutcome.FailedForNow => retried,
            DeliveryOutcome.FailedPermanently => failed,
            DeliveryOutcome.NotTried or DeliveryOutcome.NotWanted => null,
        };
        counter?.Add(count, new KeyValuePair<string, object?>("channel", channel));
    }
}
