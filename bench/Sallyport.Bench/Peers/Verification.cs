using System.Globalization;
using System.Text;
using Sallyport.Bench.Http;
using Sallyport.Bench.Scenarios;

namespace Sallyport.Bench.Peers;

/// <summary>
/// A user whose password was right sends the right code of an authenticator app, to any server: one POST with the headers of an item that
/// <c>bench/peers/prepare.mjs</c> has made. All users share <see cref="GuardianApi.SharedKey"/>.
/// </summary>
internal sealed class Verification : IOperation
{
    private const string Code = "CODE";

    private readonly string[] items;
    private readonly Options options;
    private readonly (string Path, string Body) request;
    private readonly byte[] mark;
    private readonly (string Path, byte[] Mark)? result;
    private int taken = -1;

    private Verification(string[] items, Options options)
    {
        (this.items, this.options) = (items, options);
        request = (options.Text("--path"), options.Text("--body"));
        mark = Encoding.ASCII.GetBytes(options.Text("--mark"));
        result = options.TextOrNull("--result-path") is { } path ? (path, Encoding.ASCII.GetBytes(options.Text("--result-mark"))) : null;
    }

    public static Verification Read(Options options) =>
        new([.. File.ReadLines(options.Text("--items")).Select(line => $"{line}\r\nOrigin: {options.Text("--url")}")], options);

    public bool TryRun(HttpConnection connection, Recorder recorder, long started)
    {
        var number = Interlocked.Increment(ref taken);
        if (number >= items.Length && options.TextOrNull("--reuse") is null)
        {
            return false;
        }

        var headers = items[number % items.Length];
        var body = request.Body.Replace(Code, GuardianApi.CurrentCode(GuardianApi.SharedKey), StringComparison.Ordinal);
        connection.PostWithHeaders(request.Path, headers, body).ShouldBe(200, "verification").ShouldHold(mark, 1, "verification");
        if (result is var (path, resultMark))
        {
            connection.PostWithHeaders(path, headers, "").ShouldBe(200, "result").ShouldHold(resultMark, 1, "result");
        }

        recorder.Operation(started);
        return true;
    }

    /// <returns>Name, rate, p50 and p99 in milliseconds, errors, and the server's processor time in microseconds, separated by tabs.</returns>
    public static string Row(string name, Measured measured)
    {
        var whole = measured.Recorder.Whole;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{name}\t{whole.Count / Math.Max(0.001, measured.Time.TotalSeconds):F0}\t{whole.Percentile(0.50).TotalMilliseconds:F1}\t{whole.Percentile(0.99).TotalMilliseconds:F1}\t{measured.Recorder.Errors}\t{measured.ServerTime.TotalMicroseconds / Math.Max(1, whole.Count):F0}");
    }
}
