using Sallyport.Bench.Providers;

namespace Sallyport.Bench.Outbox;

/// <summary>Stands for Twilio until text messages to a number of different phones have arrived.</summary>
internal static class SmsSink
{
    /// <summary>Prints the port, and at the end the <see cref="Arrivals"/>.</summary>
    public static async Task RunAsync(int count, int port)
    {
        var arrivals = new Arrivals(count);
        using var twilio = new FakeTwilio(port, (number, _) => arrivals.Add(number));
        Console.WriteLine(port);
        await arrivals.Complete;
        Console.WriteLine(arrivals);
    }
}
