using System.Globalization;

namespace Sallyport.Bench.Sockets;

/// <summary>What a socket costs the server that nothing happens on: resident memory, with the socket and without.</summary>
internal static class IdleSockets
{
    public const int Count = 5000;

    private const int InWarmUp = 500;
    private const int AtOnce = 16;

    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(3);

    /// <returns>Kilobytes for each socket.</returns>
    public static async Task<double> MeasureAsync(Target target, IReadOnlyList<string> tokens)
    {
        // Code that runs for the first time, and buffers that are kept for the next, are no part of a socket.
        await CloseAsync(await OpenAsync(target, tokens, InWarmUp));
        var before = ResidentKilobytes(target.ProcessId);
        var sockets = await OpenAsync(target, tokens, Count);
        await Task.Delay(Calm, TimeProvider.System);
        var after = ResidentKilobytes(target.ProcessId);
        await CloseAsync(sockets);
        return Math.Round((double)(after - before) / Count, 1);
    }

    private static async Task<IReadOnlyList<EngineSocket>> OpenAsync(Target target, IReadOnlyList<string> tokens, int count)
    {
        var sockets = new EngineSocket[count];
        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (i, _) =>
            sockets[i] = await EngineSocket.OpenAsync(target.Url, tokens[i % tokens.Count]));
        return sockets;
    }

    private static async Task CloseAsync(IReadOnlyList<EngineSocket> sockets)
    {
        foreach (var socket in sockets)
        {
            socket.Dispose();
        }

        await Task.Delay(Calm, TimeProvider.System);
    }

    private static long ResidentKilobytes(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
