using FitTrack.Core.Data;
using FitTrack.Core.Privacy;

namespace FitTrack.Core.Imports;

internal sealed class ImportsPersonalData(FitTrackDbContext db) : IPersonalData
{
    public IEnumerable<PersonalTable> Tables(Guid userId)
    {
        var batches = db.Set<ImportBatch>().Where(b => b.UserId == userId);
        return
        [
            new PersonalTable<ImportBatch>("imports", batches),
            new PersonalTable<ImportLogEntry>("imports-log", db.Set<ImportLogEntry>().Where(l => batches.Any(b => b.Id == l.BatchId))),
            new PersonalTable<ImportFile>(null, db.Set<ImportFile>().Where(f => batches.Any(b => b.Id == f.BatchId))),
        ];
    }
}
