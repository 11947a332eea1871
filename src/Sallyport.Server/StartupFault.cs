using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Npgsql;
using Sallyport.Server.Configuration;
using Sallyport.Server.Storage;

namespace Sallyport.Server;

/// <summary>Turns what commonly stops a start into the line that says how to mend it.</summary>
internal static class StartupFault
{
    private const string GiveAddress = "give addresses such as http://localhost:5080";
    private const string GiveDirectory = "give a directory that the server may write to";

    private const string GiveCertificate =
        "name one with Kestrel:Certificates:Default:Path and :KeyPath (PEM) or :Password (PKCS #12), or make one with dotnet dev-certs https";

    /// <summary>The methods of Kestrel that look for a certificate: what they throw has no type of its own.</summary>
    private static readonly string[] Certifying = ["CertificateConfigLoader", "UseHttps"];

    /// <summary>The assemblies that read listening addresses and bind to them.</summary>
    private static readonly string[] Listening = ["Microsoft.AspNetCore.Http", "Microsoft.AspNetCore.Server.Kestrel.Core"];

    /// <param name="options">Null where the configuration could not even be read.</param>
    /// <returns>Null for a fault of our own, which deserves its stack trace.</returns>
    public static string? Explain(Exception exception, SallyportOptions? options) => exception switch
    {
        SchemaException schema => schema.Message,
        InvalidDataException when options is null => $"{ToLine(exception.Message)}; correct its JSON",
        NpgsqlException npgsql =>
            $"ConnectionStrings:Sallyport: PostgreSQL cannot be used: {ToLine(npgsql.Message)}; check that it runs and that the user may create tables",
        SqliteException sqlite => $"Sallyport:DataDirectory: {options?.DataDirectory} cannot be used: {ToLine(sqlite.Message)}; {GiveDirectory}",
        IOException { InnerException: AddressInUseException } =>
            $"urls: {ToLine(exception.Message)}; stop what listens there, or give another address with --urls",
        SocketException =>
            $"urls: {ToLine(exception.Message)}; give an address of this machine and a port that the server may open",
        _ when Certifying.Any(name => exception.StackTrace?.Contains(name, StringComparison.Ordinal) == true) =>
            $"Kestrel:Certificates: {ToLine(exception.Message.Split(". To generate")[0])}; {GiveCertificate}",
        ArgumentOutOfRangeException { ParamName: "port" } => $"urls: the port is out of range; {GiveAddress}",
        FormatException or InvalidOperationException when Listening.Contains(exception.Source) =>
            $"urls: {ToLine(exception.Message)}; {GiveAddress}",
        UnauthorizedAccessException or IOException =>
            $"Sallyport:DataDirectory: {options?.DataDirectory} cannot be used: {ToLine(exception.Message)}; {GiveDirectory}",
        _ => null,
    };

    private static string ToLine(string message) => message.ReplaceLineEndings(" ").TrimEnd('.', ' ');
}
