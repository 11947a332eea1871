using System.Globalization;

namespace Sallyport.Bench.Sockets;

/// <summary>Measures the server's resident memory with and without idle sockets.</summary>
internal static class IdleSockets
{
    public const int Count = 5000;

    private const int InWarmUp = 500;
    private const int AtOnce = 16;

    private static readonly TimeSpan SettleTime = TimeSpan.FromSeconds(3);

    /// <returns>Kilobytes per socket.</returns>
    public static async Task<double> MeasureAsync(Target target, IReadOnlyList<string> tokens)
    {
        // Excludes code that is compiled and buffers that are pooled with the first sockets.
        await CloseAsync(await OpenAsync(target, tokens, InWarmUp));
        var before = ResidentKilobytes(target.ProcessId);
        var sockets = await OpenAsync(target, tokens, Count);
        await Task.Delay(SettleTime, TimeProvider.System);
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

        await Task.Delay(SettleTime, TimeProvider.System);
    }

    private static long ResidentKilobytes(int processId)
    {
        var line = File.ReadLines($"/proc/{processId}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1].Replace("kB", "", StringComparison.Ordinal).Trim(), CultureInfo.InvariantCulture);
    }
}
