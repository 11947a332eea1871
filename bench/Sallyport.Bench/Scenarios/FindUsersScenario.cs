using System.Globalization;
using System.Security.Cryptography;
using Sallyport.Bench.Http;

namespace Sallyport.Bench.Scenarios;

/// <summary>A backend searches users, which <c>bench/users</c> has generated.</summary>
internal sealed class FindUsersScenario(string name, ManagementApi management, Load load) : Scenario(management, load)
{
    /// <summary>The number of users that each search finds.</summary>
    private const int PageSize = 10;

    private static readonly DateTimeOffset First = new(2024, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static new IReadOnlyList<string> Names { get; } = ["by-id", "by-email", "by-metadata", "by-prefix", "by-range"];

    public override void Prepare(Target target)
    {
    }

    public override bool TryRun(HttpConnection connection, Recorder recorder, long started)
    {
        var number = RandomNumberGenerator.GetInt32(Load.Users - PageSize);
        var (path, expected) = RequestFor(number);
        Management.FindUsers(connection, path, expected);
        recorder.Operation(started);
        return true;
    }

    private (string Path, int Expected) RequestFor(int number) => name switch
    {
        "by-id" => ($"users/auth0%7C{number:x24}", 1),
        "by-email" => ($"users-by-email?email=user{number}%40example{number % 1000}.com", 1),
        "by-metadata" => (Search($"app_metadata.account:{number / 10}"), PageSize),
        "by-prefix" => (Search($"name:{Name(number)}*"), PageSize),
        "by-range" => (Search($"created_at:[{Instant(number)} TO {Instant(number + PageSize)}}}") + "&sort=created_at:-1", PageSize),
        _ => throw new ArgumentException($"Unknown search {name}"),
    };

    private static string Search(string query) => $"users?search_engine=v3&per_page={PageSize}&q={Uri.EscapeDataString(query)}";

    /// <summary>The name without its last letters, with an escaped space.</summary>
    private string Name(int number)
    {
        var (given, family) = (number % 200, number / 200 % (Load.Users / 2000));
        return $"{(char)('A' + (given / 26))}{(char)('a' + (given % 26))}ra\\ {(char)('A' + (family / 676))}{(char)('a' + (family / 26 % 26))}{(char)('a' + (family % 26))}s";
    }

    private static string Instant(int number) => First.AddMinutes(number).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
