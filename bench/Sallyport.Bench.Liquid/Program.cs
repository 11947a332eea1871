// Prints the median time of rendering and of parsing one page: dotnet run -c Release --project bench/Sallyport.Bench.Liquid
using System.Diagnostics;
using System.Globalization;
using Sallyport.Protocols.Liquid;

const int Samples = 5_000;
// Few, so that most samples fit into one time slice of a busy machine.
const int PerSample = 20;

var source = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "page.liquid"));
if (!LiquidTemplate.TryParse(source, LiquidLimits.Default, out var template, out var error))
{
    Console.Error.WriteLine(error);
    return 1;
}

var data = new Dictionary<string, object?>
{
    ["pageBackgroundColor"] = "#f4f4f4",
    ["iconUrl"] = "https://cdn.example.com/icon.png?a=1&b=2",
    ["primaryColor"] = "#0a84ae",
    ["mfaServerUrl"] = "https://mfa.example.com",
    ["postActionURL"] = "https://mfa.example.com/mf?state=abc&x=y",
    ["globalTrackingId"] = "b2f1c3",
    ["requestToken"] = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.c2ln",
    ["stateCheckingMechanism"] = "polling",
    ["allowRememberBrowser"] = true,
    ["errors"] = new List<object?>
    {
        new Dictionary<string, object?> { ["code"] = "invalid_otp", ["message"] = "The code is wrong" },
        new Dictionary<string, object?> { ["code"] = "too_many", ["message"] = "Two attempts are left" },
    },
    ["userData"] = new Dictionary<string, object?>
    {
        ["userId"] = "auth0|123",
        ["email"] = "ada@example.com",
        ["friendlyUserId"] = "ada",
        ["tenant"] = "acme",
        ["tenantFriendlyName"] = "Acme & Sons",
    },
};

var text = template.Render(data).Text ?? "";
Console.WriteLine($"source {source.Length} characters, {source.Split("{{").Length + source.Split("{%").Length - 2} tags, output {text.Length} characters");
Report("render", () => template.Render(data));
Report("parse", () => LiquidTemplate.TryParse(source, LiquidLimits.Default, out _, out _));
return 0;

static void Report(string name, Action action)
{
    Measure(action);
    var allocated = GC.GetAllocatedBytesForCurrentThread();
    var times = Measure(action);
    allocated = (GC.GetAllocatedBytesForCurrentThread() - allocated) / (Samples * PerSample);
    Array.Sort(times);
    Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{name}: median {times[Samples / 2]:0.00} µs, 5% {times[Samples / 20]:0.00} µs, 95% {times[Samples * 19 / 20]:0.00} µs, {allocated} bytes"));
}

static double[] Measure(Action action)
{
    var times = new double[Samples];
    for (var sample = 0; sample < Samples; sample++)
    {
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < PerSample; i++)
        {
            action();
        }

        times[sample] = Stopwatch.GetElapsedTime(start).TotalMicroseconds / PerSample;
    }

    return times;
}
