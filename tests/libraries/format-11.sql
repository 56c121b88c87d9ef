PRAGMA user_version = 11;
BEGIN TRANSACTION;
CREATE VIRTUAL TABLE picture_trigrams USING fts5(folded, tokenize = 'trigram case_sensitive 1', detail = 'none', columnsize = 0);
CREATE VIRTUAL TABLE photo_words USING fts5(name, whole, folder, tokenize = 'ascii', detail = 'column', columnsize = 0);
CREATE TABLE album_photo (
	album VARCHAR NOT NULL, 
	digest BLOB NOT NULL, 
	place INTEGER NOT NULL, 
	PRIMARY KEY (album, digest)
);
INSERT INTO "album_photo" VALUES('Summer',X'0A7DF8E9DC57EF9D4CC6F992773AF3CCA8B0D2FAC4F841698A3E8AC2115F3151',0);
INSERT INTO "album_photo" VALUES('Summer',X'C3009A289844782F4306CAA2BD55F839F0905BD1EC3049B84381EAB09FEA84AA',1);
CREATE TABLE change (
	number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	content_id INTEGER NOT NULL
);
INSERT INTO "change" VALUES(1,1);
INSERT INTO "change" VALUES(2,2);
INSERT INTO "change" VALUES(3,3);
INSERT INTO "change" VALUES(4,4);
INSERT INTO "change" VALUES(5,1);
INSERT INTO "change" VALUES(6,2);
INSERT INTO "change" VALUES(7,3);
INSERT INTO "change" VALUES(8,4);
INSERT INTO "change" VALUES(9,3);
INSERT INTO "change" VALUES(10,4);
CREATE TABLE concept_example (
	id INTEGER NOT NULL, 
	concept VARCHAR NOT NULL, 
	path VARCHAR NOT NULL, 
	negative BOOLEAN NOT NULL, 
	digest BLOB, 
	model_id INTEGER NOT NULL, 
	vector BLOB NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (concept, path), 
	FOREIGN KEY(model_id) REFERENCES model (id)
);
INSERT INTO "concept_example" VALUES(1,'warm','/photos/red.png',0,X'C3009A289844782F4306CAA2BD55F839F0905BD1EC3049B84381EAB09FEA84AA',1,X'0000803F0000000000000000');
INSERT INTO "concept_example" VALUES(2,'warm','/elsewhere/ice.png',1,NULL,1,X'00000000000000000000803F');
CREATE TABLE content (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	digest BLOB NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	format VARCHAR NOT NULL, 
	taken_at DATETIME, 
	camera VARCHAR, 
	lens VARCHAR, 
	latitude DOUBLE, 
	longitude DOUBLE, 
	place VARCHAR, 
	taken_from VARCHAR, 
	taken_offset INTEGER, 
	only_day BOOLEAN DEFAULT 0 NOT NULL, 
	title VARCHAR, 
	description VARCHAR, 
	creator VARCHAR, 
	copyright VARCHAR, 
	rating INTEGER, 
	colour_label VARCHAR, 
	embedded JSON, 
	duration_ms INTEGER, 
	UNIQUE (digest)
);
INSERT INTO "content" VALUES(1,X'C3009A289844782F4306CAA2BD55F839F0905BD1EC3049B84381EAB09FEA84AA',32,24,'PNG',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'Plage d''Été','Two GoldenRetrievers',NULL,NULL,3,NULL,'{"title": "Plage d''\u00c9t\u00e9", "description": "Two GoldenRetrievers", "rating": 3, "keywords": ["sea", "Places|Rome"]}',NULL);
INSERT INTO "content" VALUES(2,X'B1DD0FD79165AAD4847CA31A59417EF0778FA7B7585EBA19F622049A9FFE305C',32,24,'PNG',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'Plage d''Été','Two GoldenRetrievers',NULL,NULL,3,NULL,'{"title": "Plage d''\u00c9t\u00e9", "description": "Two GoldenRetrievers", "rating": 3, "keywords": ["sea", "Places|Rome"]}',NULL);
INSERT INTO "content" VALUES(3,X'0A7DF8E9DC57EF9D4CC6F992773AF3CCA8B0D2FAC4F841698A3E8AC2115F3151',32,24,'PNG',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,'Plage d''Été','Two GoldenRetrievers',NULL,NULL,3,NULL,'{"title": "Plage d''\u00c9t\u00e9", "description": "Two GoldenRetrievers", "rating": 3, "keywords": ["sea", "Places|Rome"]}',NULL);
INSERT INTO "content" VALUES(4,X'795C08678C3EACC2121DC1BA83E63FED9EB8CB42A869A28E39D96745138EABA9',64,48,'MP4',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,8000);
CREATE TABLE embedding (
	content_id INTEGER NOT NULL, 
	model_id INTEGER NOT NULL, 
	vector BLOB NOT NULL, 
	checksum INTEGER DEFAULT 0 NOT NULL, 
	PRIMARY KEY (content_id, model_id), 
	FOREIGN KEY(content_id) REFERENCES content (id) ON DELETE CASCADE, 
	FOREIGN KEY(model_id) REFERENCES model (id)
);
INSERT INTO "embedding" VALUES(1,1,X'0000803F0000000000000000',744010681);
INSERT INTO "embedding" VALUES(2,1,X'000000000000803F00000000',2329201972);
INSERT INTO "embedding" VALUES(3,1,X'00000000000000000000803F',2297591894);
INSERT INTO "embedding" VALUES(4,1,X'0000803F0000000000000000',3998276261);
CREATE TABLE fact_change (number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, content_id INTEGER NOT NULL);
INSERT INTO "fact_change" VALUES(1,1);
INSERT INTO "fact_change" VALUES(2,2);
INSERT INTO "fact_change" VALUES(3,3);
INSERT INTO "fact_change" VALUES(4,4);
INSERT INTO "fact_change" VALUES(5,1);
INSERT INTO "fact_change" VALUES(6,2);
INSERT INTO "fact_change" VALUES(7,3);
INSERT INTO "fact_change" VALUES(8,4);
INSERT INTO "fact_change" VALUES(9,1);
INSERT INTO "fact_change" VALUES(10,2);
INSERT INTO "fact_change" VALUES(11,3);
INSERT INTO "fact_change" VALUES(12,3);
INSERT INTO "fact_change" VALUES(13,4);
CREATE TABLE filesystem (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name)
);
INSERT INTO "filesystem" VALUES(1,'disk');
CREATE TABLE frame (
	content_id INTEGER NOT NULL, 
	model_id INTEGER NOT NULL, 
	at_ms INTEGER NOT NULL, 
	vector BLOB NOT NULL, 
	checksum INTEGER NOT NULL, 
	PRIMARY KEY (content_id, model_id, at_ms), 
	FOREIGN KEY(content_id) REFERENCES content (id) ON DELETE CASCADE, 
	FOREIGN KEY(model_id) REFERENCES model (id)
);
INSERT INTO "frame" VALUES(4,1,0,X'0000803F0000000000000000',3642054680);
INSERT INTO "frame" VALUES(4,1,4000,X'00000000000000000000803F',145225602);
CREATE TABLE keyword (
	content_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	PRIMARY KEY (content_id, name), 
	FOREIGN KEY(content_id) REFERENCES content (id) ON DELETE CASCADE
);
INSERT INTO "keyword" VALUES(1,'sea');
INSERT INTO "keyword" VALUES(1,'Places|Rome');
INSERT INTO "keyword" VALUES(2,'sea');
INSERT INTO "keyword" VALUES(2,'Places|Rome');
INSERT INTO "keyword" VALUES(3,'sea');
INSERT INTO "keyword" VALUES(3,'Places|Rome');
CREATE TABLE model (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	fingerprint VARCHAR NOT NULL, 
	dim INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (name, fingerprint)
);
INSERT INTO "model" VALUES(1,'fake','1',3);
CREATE TABLE past_search (
	"query" VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	PRIMARY KEY ("query")
);
INSERT INTO "past_search" VALUES('dog','2026-11-26 21:08:52.118671');
CREATE TABLE photo (
	id INTEGER NOT NULL, 
	root_id INTEGER NOT NULL, 
	folder VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	size INTEGER NOT NULL, 
	mtime_ns INTEGER NOT NULL, 
	state VARCHAR NOT NULL, 
	reason VARCHAR, 
	content_id INTEGER, 
	run INTEGER NOT NULL, 
	filesystem_id INTEGER, 
	away BOOLEAN DEFAULT 0 NOT NULL, 
	previous_id INTEGER, 
	sidecar JSON, 
	PRIMARY KEY (id), 
	UNIQUE (root_id, folder, name), 
	FOREIGN KEY(root_id) REFERENCES root (id) ON DELETE CASCADE, 
	FOREIGN KEY(content_id) REFERENCES content (id), 
	FOREIGN KEY(filesystem_id) REFERENCES filesystem (id), 
	FOREIGN KEY(previous_id) REFERENCES content (id)
);
INSERT INTO "photo" VALUES(1,1,'','red.png',101,1600000000000000000,'indexed',NULL,1,1,1,0,NULL,NULL);
INSERT INTO "photo" VALUES(2,1,'','green.png',102,1600000000000000000,'indexed',NULL,2,1,1,0,NULL,NULL);
INSERT INTO "photo" VALUES(3,1,'sub','blue.png',103,1600000000000000000,'gone','no longer there, or excluded since',3,1,1,0,NULL,NULL);
INSERT INTO "photo" VALUES(4,1,'','film.mp4',90,5,'gone','no longer there, or excluded since',4,1,1,0,NULL,NULL);
INSERT INTO "photo" VALUES(5,1,'','notes.txt',9,5,'other',NULL,NULL,1,1,0,NULL,NULL);
CREATE TABLE picture_text (
	content_id INTEGER NOT NULL, 
	lines JSON NOT NULL, 
	folded VARCHAR NOT NULL, 
	reader VARCHAR NOT NULL, 
	problem VARCHAR, 
	PRIMARY KEY (content_id), 
	FOREIGN KEY(content_id) REFERENCES content (id) ON DELETE CASCADE
);
INSERT INTO "picture_text" VALUES(1,'[["MIAMI 2020", 0.98, [0.1, 0.2, 0.9, 0.2, 0.9, 0.4, 0.1, 0.4]]]',' mlaml 2o2o ','drawn',NULL);
INSERT INTO "picture_text" VALUES(2,'[]','','drawn',NULL);
CREATE TABLE root (
	id INTEGER NOT NULL, 
	path VARCHAR NOT NULL, 
	excludes JSON NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (path)
);
INSERT INTO "root" VALUES(1,'/photos','["*.tmp"]');
CREATE TABLE saved_search (
	name VARCHAR NOT NULL, 
	"query" VARCHAR NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "saved_search" VALUES('sea','the sea');
CREATE TABLE setting (
	"key" VARCHAR NOT NULL, 
	value JSON NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "setting" VALUES('model_id',1);
INSERT INTO "setting" VALUES('building_model_id',1);
INSERT INTO "setting" VALUES('run',1);
INSERT INTO "setting" VALUES('generation',3);
CREATE TABLE tag (
	digest BLOB NOT NULL, 
	name VARCHAR NOT NULL, 
	PRIMARY KEY (digest, name)
);
INSERT INTO "tag" VALUES(X'C3009A289844782F4306CAA2BD55F839F0905BD1EC3049B84381EAB09FEA84AA','favourite');
INSERT INTO "tag" VALUES(X'0A7DF8E9DC57EF9D4CC6F992773AF3CCA8B0D2FAC4F841698A3E8AC2115F3151','sea');
CREATE INDEX tag_name ON tag (name);
CREATE INDEX album_photo_digest ON album_photo (digest);
CREATE INDEX content_unplaced ON content (id) WHERE latitude IS NOT NULL AND longitude IS NOT NULL AND place IS NULL;
CREATE INDEX content_unread ON content (id) WHERE embedded IS NULL;
CREATE INDEX content_said ON content (id) WHERE title IS NOT NULL OR description IS NOT NULL;
CREATE INDEX keyword_name ON keyword (name);
CREATE INDEX photo_content ON photo (content_id);
CREATE INDEX photo_away ON photo (root_id) WHERE away;
CREATE INDEX photo_previous ON photo (previous_id) WHERE previous_id IS NOT NULL;
CREATE INDEX photo_sidecar ON photo (folder) WHERE sidecar IS NOT NULL;
CREATE INDEX photo_visible ON photo (state, content_id);
CREATE INDEX embedding_model ON embedding (model_id, content_id);
CREATE TRIGGER photo_added AFTER INSERT ON photo WHEN new.content_id IS NOT NULL
    BEGIN INSERT INTO change (content_id) VALUES (new.content_id); END;
CREATE TRIGGER photo_changed AFTER UPDATE OF state, content_id ON photo
    WHEN old.state IS NOT new.state OR old.content_id IS NOT new.content_id
    BEGIN INSERT INTO change (content_id)
    SELECT old.content_id WHERE old.content_id IS NOT NULL
    UNION SELECT new.content_id WHERE new.content_id IS NOT NULL; END;
CREATE TRIGGER photo_removed AFTER DELETE ON photo WHEN old.content_id IS NOT NULL
    BEGIN INSERT INTO change (content_id) VALUES (old.content_id); END;
CREATE TRIGGER embedding_added AFTER INSERT ON embedding
    BEGIN INSERT INTO change (content_id) VALUES (new.content_id); END;
CREATE TRIGGER embedding_removed AFTER DELETE ON embedding
    BEGIN INSERT INTO change (content_id) VALUES (old.content_id); END;
CREATE TRIGGER photo_facts_added AFTER INSERT ON photo WHEN new.content_id IS NOT NULL
    BEGIN INSERT INTO fact_change (content_id) VALUES (new.content_id); END;
CREATE TRIGGER photo_facts_changed
    AFTER UPDATE OF state, content_id, root_id, folder, mtime_ns, away ON photo
    WHEN old.state IS NOT new.state OR old.content_id IS NOT new.content_id
    OR old.root_id IS NOT new.root_id OR old.folder IS NOT new.folder
    OR old.mtime_ns IS NOT new.mtime_ns OR old.away IS NOT new.away
    BEGIN INSERT INTO fact_change (content_id) SELECT old.content_id WHERE old.content_id IS NOT NULL
    UNION SELECT new.content_id WHERE new.content_id IS NOT NULL; END;
CREATE TRIGGER photo_facts_removed AFTER DELETE ON photo WHEN old.content_id IS NOT NULL
    BEGIN INSERT INTO fact_change (content_id) VALUES (old.content_id); END;
CREATE TRIGGER content_facts_changed AFTER UPDATE ON content
    BEGIN INSERT INTO fact_change (content_id) VALUES (new.id); END;
CREATE TRIGGER embedding_facts_added AFTER INSERT ON embedding
    BEGIN INSERT INTO fact_change (content_id) VALUES (new.content_id); END;
CREATE TRIGGER embedding_facts_removed AFTER DELETE ON embedding
    BEGIN INSERT INTO fact_change (content_id) VALUES (old.content_id); END;
CREATE TRIGGER photo_words_added AFTER INSERT ON photo WHEN new.content_id IS NOT NULL
    BEGIN INSERT OR REPLACE INTO photo_words (rowid, name, whole, folder) VALUES (new.id, name_words(new.name), whole_name(new.name), folder_words(new.folder)); END;
CREATE TRIGGER photo_words_changed AFTER UPDATE OF name, folder, content_id ON photo
    WHEN old.name IS NOT new.name OR old.folder IS NOT new.folder
    OR (old.content_id IS NULL) <> (new.content_id IS NULL)
    BEGIN DELETE FROM photo_words WHERE rowid = old.id;
    INSERT OR REPLACE INTO photo_words (rowid, name, whole, folder) SELECT new.id, name_words(new.name), whole_name(new.name), folder_words(new.folder) WHERE new.content_id IS NOT NULL; END;
CREATE TRIGGER photo_words_removed AFTER DELETE ON photo WHEN old.content_id IS NOT NULL
    BEGIN DELETE FROM photo_words WHERE rowid = old.id; END;
CREATE TRIGGER picture_text_added AFTER INSERT ON picture_text WHEN new.folded <> ''
    BEGIN INSERT OR REPLACE INTO picture_trigrams (rowid, folded) VALUES (new.content_id, new.folded); END;
CREATE TRIGGER picture_text_changed AFTER UPDATE OF folded ON picture_text
    WHEN old.folded IS NOT new.folded
    BEGIN DELETE FROM picture_trigrams WHERE rowid = old.content_id;
    INSERT OR REPLACE INTO picture_trigrams (rowid, folded) SELECT new.content_id, new.folded WHERE new.folded <> ''; END;
CREATE TRIGGER picture_text_removed AFTER DELETE ON picture_text
    BEGIN DELETE FROM picture_trigrams WHERE rowid = old.content_id; END;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('content',4);
INSERT INTO "sqlite_sequence" VALUES('change',10);
INSERT INTO "sqlite_sequence" VALUES('fact_change',13);
INSERT INTO photo_words (rowid, name, whole, folder) VALUES (1, 'red', 'red', '');
INSERT INTO photo_words (rowid, name, whole, folder) VALUES (2, 'green', 'green', '');
INSERT INTO photo_words (rowid, name, whole, folder) VALUES (3, 'blue', 'blue', 'sub');
INSERT INTO photo_words (rowid, name, whole, folder) VALUES (4, 'film', 'film', '');
INSERT INTO picture_trigrams (rowid, folded) VALUES (1, ' mlaml 2o2o ');
COMMIT;
