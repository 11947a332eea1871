namespace Sallyport.Bench.Http;

/// <summary>A response. Its body is valid until the next request on the same connection.</summary>
internal readonly ref struct HttpAnswer(int status, ReadOnlySpan<byte> body)
{
    private readonly ReadOnlySpan<byte> body = body;

    public string Text => System.Text.Encoding.UTF8.GetString(body);

    /// <exception cref="WrongAnswerException">The status is different.</exception>
    public HttpAnswer ShouldBe(int expected, string request) =>
        status == expected ? this : throw Wrong($"{expected} was expected", request);

    /// <returns>The text of a member. It must not contain JSON escapes.</returns>
    /// <exception cref="WrongAnswerException">The member is missing or empty.</exception>
    public string Member(string name, string request)
    {
        Span<byte> pattern = stackalloc byte[64];
        System.Text.Unicode.Utf8.TryWrite(pattern, $"\"{name}\":\"", out var length);
        pattern = pattern[..length];
        var start = body.IndexOf(pattern);
        if (start < 0)
        {
            throw Wrong($"{name} is missing", request);
        }

        var value = body[(start + length)..];
        var end = value.IndexOf((byte)'"');
        return end > 0 ? System.Text.Encoding.ASCII.GetString(value[..end]) : throw Wrong($"{name} is empty", request);
    }

    /// <exception cref="WrongAnswerException">The body contains the text another number of times.</exception>
    public void ShouldHold(ReadOnlySpan<byte> mark, int times, string request)
    {
        if (body.Count(mark) != times)
        {
            throw Wrong($"{times} were expected", request);
        }
    }

    private WrongAnswerException Wrong(string fault, string request) => new($"{request}: {fault}, but got {status} {Text}");
}

internal sealed class WrongAnswerException(string message) : Exception(message);
