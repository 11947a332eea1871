using System.Text.Json.Nodes;

namespace Sallyport.Server.Tests.Hosting;

/// <summary>Shortcuts for reading JSON answers.</summary>
internal static class Json
{
    public static string[] Names(this JsonNode? node) => [.. node!.AsObject().Select(member => member.Key).Order(StringComparer.Ordinal)];

    public static string[] Texts(this JsonNode? node) => [.. node!.AsArray().Select(item => (string)item!)];
}
