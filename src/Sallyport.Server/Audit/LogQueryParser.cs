using System.Globalization;
using System.Text;
using Sallyport.Server.Http;

namespace Sallyport.Server.Audit;

/// <summary>
/// The part of the published search syntax that the log understands: <c>field:word</c>, <c>field:"phrase"</c>, <c>field:begin*</c>, bare
/// words, <c>date:[from TO until]</c>, all joined by AND, each with NOT or <c>-</c> before it. What it does not understand it says.
/// </summary>
internal sealed class LogQueryParser
{
    private const string Parameter = "q";
    private const int MaxLength = 1024;
    private const int MaxTerms = 10;

    private readonly string text;
    private int position;

    private LogQueryParser(string text) => this.text = text;

    /// <exception cref="ApiException">400 that says what is not understood.</exception>
    public static LogQuery Parse(string text)
    {
        if (text.Length > MaxLength)
        {
            throw Fault($"A search has at most {MaxLength} characters");
        }

        return LogQuery.Of(new LogQueryParser(text).ReadTerms());
    }

    private List<LogTerm> ReadTerms()
    {
        var terms = new List<LogTerm>();
        var isNegated = false;
        while (SkipBlanks())
        {
            if (TryTake("AND "))
            {
                continue;
            }

            if (TryTake("NOT ") || TryTake("-"))
            {
                isNegated = true;
                continue;
            }

            terms.Add(ReadTerm() with { IsNegated = isNegated });
            isNegated = false;
            if (terms.Count > MaxTerms)
            {
                throw Fault($"A search has at most {MaxTerms} conditions");
            }
        }

        return isNegated || terms.Count == 0 ? throw Fault("A condition is missing") : terms;
    }

    private LogTerm ReadTerm()
    {
        var start = position;
        var (word, isQuoted) = ReadText();
        if (isQuoted || position >= text.Length || text[position] != ':')
        {
            return !isQuoted && word is "AND" or "OR" or "NOT"
                ? throw Fault($"{word} is not understood here; conditions are joined by AND")
                : ToTerm(null, word, isQuoted);
        }

        position++;
        if (word == LogTerm.DateField)
        {
            return ReadDates();
        }

        if (!LogFields.Columns.ContainsKey(word))
        {
            throw Fault($"The log cannot be searched by the field at character {start + 1}");
        }

        var (value, quoted) = ReadText();
        return ToTerm(word, value, quoted);
    }

    private static LogTerm ToTerm(string? field, string value, bool isQuoted)
    {
        var isPrefix = !isQuoted && value.EndsWith('*');
        var plain = isPrefix ? value[..^1] : value;
        if (plain.Length == 0 || (!isQuoted && plain.Contains('*', StringComparison.Ordinal)))
        {
            throw Fault("* is supported at the end of a word only");
        }

        return new LogTerm(field, plain) { IsPrefix = isPrefix };
    }

    private (string Text, bool IsQuoted) ReadText()
    {
        if (position < text.Length && text[position] == '"')
        {
            return (ReadPhrase(), true);
        }

        var word = new StringBuilder();
        while (position < text.Length && !char.IsWhiteSpace(text[position]) && text[position] is not (':' or '"'))
        {
            if (text[position] is '(' or ')' or '[' or ']' or '{' or '}' or '~' or '^' or '/' or '?' or '!' or '<' or '>' or '=' or '&' or '|' or '+')
            {
                throw Fault($"Not supported in a search of the log: {text[position]}");
            }

            word.Append(ReadCharacter());
        }

        return word.Length == 0 ? throw Fault("A value is missing") : (word.ToString(), false);
    }

    private string ReadPhrase()
    {
        var phrase = new StringBuilder();
        position++;
        while (position < text.Length && text[position] != '"')
        {
            phrase.Append(ReadCharacter());
        }

        if (position == text.Length)
        {
            throw Fault("A quotation mark is missing");
        }

        position++;
        return phrase.ToString();
    }

    private char ReadCharacter()
    {
        if (text[position] == '\\' && ++position == text.Length)
        {
            throw Fault("Nothing follows the last backslash");
        }

        return text[position++];
    }

    /// <summary>Brackets take the end in, braces leave it out. A day without a time is the whole day.</summary>
    private LogTerm ReadDates()
    {
        if (position == text.Length || text[position] is not ('[' or '{'))
        {
            var (from, until) = ReadDay(ReadText().Text);
            return new LogTerm(LogTerm.DateField, "") { From = from, Until = until };
        }

        var end = text.IndexOfAny([']', '}'], position);
        var parts = end < 0 ? [] : text[(position + 1)..end].Split(" TO ", StringSplitOptions.TrimEntries);
        if (parts.Length != 2)
        {
            throw Fault("A range is written [from TO until]");
        }

        var (first, last) = (parts[0] == "*" ? default : ReadDay(parts[0]), parts[1] == "*" ? default : ReadDay(parts[1]));
        var term = new LogTerm(LogTerm.DateField, "")
        {
            From = text[position] == '[' ? first.From : first.Until,
            Until = parts[1] == "*" ? DateTimeOffset.MaxValue : text[end] == ']' ? last.Until : last.From,
        };
        position = end + 1;
        return term;
    }

    private static (DateTimeOffset From, DateTimeOffset Until) ReadDay(string text)
    {
        foreach (var (format, step) in new (string, Func<DateTimeOffset, DateTimeOffset>)[]
        {
            ("yyyy", date => date.AddYears(1)), ("yyyy-MM", date => date.AddMonths(1)), ("yyyy-MM-dd", date => date.AddDays(1)),
            ("yyyy-MM-dd'T'HH:mm:ss'Z'", date => date.AddSeconds(1)), ("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", date => date.AddMilliseconds(1)),
        })
        {
            if (DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
                && date.Year < DateTime.MaxValue.Year)
            {
                return (date, step(date));
            }
        }

        throw Fault("A date is written as 2024, 2024-05, 2024-05-31 or 2024-05-31T12:00:00Z");
    }

    private bool SkipBlanks()
    {
        while (position < text.Length && char.IsWhiteSpace(text[position]))
        {
            position++;
        }

        return position < text.Length;
    }

    private bool TryTake(string token)
    {
        if (!text.AsSpan(position).StartsWith(token, StringComparison.Ordinal))
        {
            return false;
        }

        position += token.Length;
        return true;
    }

    private static ApiException Fault(string reason) => new(ApiError.Query(reason, Parameter));
}
